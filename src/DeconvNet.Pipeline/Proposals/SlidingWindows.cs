using DeconvNet.Imaging;

namespace DeconvNet.Proposals;

/// <summary>
/// Sliding windows of fixed sizes and shapes at regular steps, independent of the image content: larger ones first, then those closest to the center.
/// The score is the fraction of the image that a window covers. Thread-safe.
/// </summary>
public sealed class SlidingWindows : IProposalGenerator
{
    /// <summary>Creates a generator.</summary>
    /// <param name="options">Sizes, shapes and stride; the defaults if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public SlidingWindows(SlidingWindowsOptions? options = null)
    {
        Options = options ?? new SlidingWindowsOptions();
        Options.Validate();
    }

    /// <summary>The parameters.</summary>
    public SlidingWindowsOptions Options { get; }

    /// <summary>Everything that determines the proposals, as text.</summary>
    public override string ToString() => Options.ToString();

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is below 1.</exception>
    public IReadOnlyList<Proposal> Generate(RgbImage image, int maxCount, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);

        var boxes = new HashSet<PixelBox>();
        if (Options.IncludeWholeImage)
            boxes.Add(image.Bounds);
        foreach (var scale in Options.Scales)
        {
            foreach (var ratio in Options.AspectRatios)
            {
                cancellationToken.ThrowIfCancellationRequested();
                boxes.UnionWith(Windows(image, scale * Math.Sqrt((double)image.Width * image.Height), Math.Sqrt(ratio)));
            }
        }

        return [.. boxes
            .OrderByDescending(box => box.Area)
            .ThenBy(box => DistanceFromCenter(box, image))
            .ThenBy(box => (box.Y0, box.X0, box.Width))
            .Take(maxCount)
            .Select(box => new Proposal(box, (float)((double)box.Area / image.Bounds.Area)))];
    }

    private IEnumerable<PixelBox> Windows(RgbImage image, double side, double rootOfRatio)
    {
        var width = (int)Math.Clamp(Math.Round(side * rootOfRatio), 1, image.Width);
        var height = (int)Math.Clamp(Math.Round(side / rootOfRatio), 1, image.Height);
        return from y in Places(image.Height, height)
               from x in Places(image.Width, width)
               select new PixelBox(x, y, x + width, y + height);
    }

    /// <summary>Evenly spaced start positions, from one end of the image to the other.</summary>
    private IEnumerable<int> Places(int length, int side)
    {
        var room = length - side;
        var steps = (int)Math.Ceiling(room / Math.Max(1, Options.Stride * side));
        for (var i = 0; i <= steps; i++)
            yield return steps == 0 ? 0 : (int)Math.Round((double)room * i / steps);
    }

    private static long DistanceFromCenter(PixelBox box, RgbImage image)
    {
        long x = box.X0 + box.X1 - image.Width;
        long y = box.Y0 + box.Y1 - image.Height;
        return (x * x) + (y * y);
    }
}
