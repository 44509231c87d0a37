using DeconvNet.Imaging;
using DeconvNet.Imaging.Masks;

namespace DeconvNet.Segmentation;

public sealed partial class SegmentationResult
{
    /// <summary>Fraction of a photo below which a region counts as a speck: 0.1 %, or 19×10 pixels of 500×375.</summary>
    public const double SpeckFraction = 0.001;

    /// <summary>The connected regions of all classes except background, largest first. Computed on every call.</summary>
    /// <param name="minFraction">Minimum area of a region as a fraction of the photo, 0 … 1; 0 keeps all.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range.</exception>
    public IReadOnlyList<Region> Regions(double minFraction = SpeckFraction)
    {
        var least = MinPixels(minFraction);
        using var regions = new ConnectedRegions(Labels.Pixels, Labels.Width);
        var confidence = Scores is null ? null : Probabilities.OfLabels(Labels);
        return
        [
            .. Enumerable.Range(0, regions.Count)
                .Where(r => regions[r].Length >= least)
                .Select(r => Region(regions[r], confidence))
                .OrderByDescending(region => region.Area),
        ];
    }

    /// <summary>Turns small regions into background.</summary>
    /// <param name="minFraction">Minimum area of a region as a fraction of the photo, 0 … 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range.</exception>
    public SegmentationResult WithoutSpecks(double minFraction = SpeckFraction)
    {
        var least = MinPixels(minFraction);
        using var regions = new ConnectedRegions(Labels.Pixels, Labels.Width);
        var labels = Labels.Pixels.ToArray();
        for (var r = 0; r < regions.Count; r++)
        {
            if (regions[r].Length >= least)
                continue;
            foreach (var pixel in regions[r])
                labels[pixel] = 0;
        }

        return With(labels);
    }

    private double MinPixels(double minFraction) => minFraction is >= 0 and <= 1
        ? minFraction * Labels.Pixels.Length
        : throw new ArgumentOutOfRangeException(nameof(minFraction), minFraction, "The minimum area is a fraction of the photo, 0 to 1.");

    private Region Region(ReadOnlySpan<int> pixels, float[]? confidence)
    {
        var (box, sum) = (PixelBox.Around(pixels, Labels.Width), 0.0);
        var inside = new bool[box.Area];
        foreach (var pixel in pixels)
        {
            inside[(((pixel / Labels.Width) - box.Y0) * box.Width) + (pixel % Labels.Width) - box.X0] = true;
            sum += confidence?[pixel] ?? 0;
        }

        var id = Labels.Pixels[pixels[0]];
        return new Region(Labels.Size, box, new BinaryMask(box.Width, box.Height, inside))
        {
            Name = ClassNames[id],
            ClassId = id,
            Confidence = confidence is null ? null : sum / pixels.Length,
        };
    }
}
