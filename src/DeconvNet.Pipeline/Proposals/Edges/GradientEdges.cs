using DeconvNet.Imaging;
using DeconvNet.Imaging.Resampling;

namespace DeconvNet.Proposals.Edges;

/// <summary>
/// Edges from the locally normalized color gradient: the largest gradient magnitude of the three channels after light smoothing,
/// divided by four times its mean over the neighborhood. No trained model is needed.
/// </summary>
/// <remarks>
/// The normalization brings weak and strong contrast to one scale, which Edge Boxes needs since its thresholds are absolute.
/// Strengths are 0 … 1; images of one color give zeros. Thread-safe.
/// </remarks>
public sealed class GradientEdges : IEdgeDetector
{
    private const int SmoothingRadius = 4;
    private const int NormalizationRadius = 16;
    private const double Quietness = 0.02;

    /// <inheritdoc/>
    public EdgeMap Detect(RgbImage image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        cancellationToken.ThrowIfCancellationRequested();
        var edges = new float[image.Width * image.Height];
        Detect(image, edges);
        return new EdgeMap(image.Width, image.Height, edges);
    }

    /// <summary>Detects edges in working memory, to be released by the caller.</summary>
    internal static EdgeMap DetectInScratch(RgbImage image)
    {
        var edges = new ScratchArray<float>(image.Width * image.Height);
        Detect(image, edges.Span);
        return new EdgeMap(edges, image.Width, image.Height);
    }

    private static void Detect(RgbImage image, Span<float> edges)
    {
        var (width, height) = (image.Width, image.Height);
        using var magnitudes = Magnitude(image);
        using var means = new ScratchArray<double>(edges.Length);
        SymmetricFilter.Apply(
            magnitudes.Span, width, height, SymmetricFilter.Triangle(NormalizationRadius, 1.0 / Square(NormalizationRadius + 1)), Border.Clamp, means.Span);

        var (magnitude, mean) = (magnitudes.Array, means.Array);
        for (var i = 0; i < edges.Length; i++)
            edges[i] = (float)Math.Min(1, magnitude[i] / (4 * (mean[i] + Quietness)));
    }

    private static ScratchArray<double> Magnitude(RgbImage image)
    {
        var (width, height) = (image.Width, image.Height);
        using var smoothRed = Smooth(image, 0);
        using var smoothGreen = Smooth(image, 1);
        using var smoothBlue = Smooth(image, 2);
        var (red, green, blue) = (smoothRed.Array, smoothGreen.Array, smoothBlue.Array);

        // The smoothed channels are integers: gray levels times this, times two for the difference across two pixels.
        var unit = 1.0 / (2.0 * 255 * Square(Square(SmoothingRadius + 1)));
        var magnitudes = new ScratchArray<double>(width * height);
        var magnitude = magnitudes.Array;
        for (var y = 0; y < height; y++)
        {
            var row = y * width;
            var above = Math.Max(0, y - 1) * width;
            var below = Math.Min(height - 1, y + 1) * width;
            for (var x = 0; x < width; x++)
            {
                var left = row + Math.Max(0, x - 1);
                var right = row + Math.Min(width - 1, x + 1);
                var max = Math.Max(Square(red, left, right, above + x, below + x), Math.Max(Square(green, left, right, above + x, below + x), Square(blue, left, right, above + x, below + x)));
                magnitude[row + x] = Math.Sqrt(max) * unit;
            }
        }

        return magnitudes;
    }

    /// <summary>One channel smoothed with integer weights: sums stay below 2²⁴, so float32 is exact and equal gradients tie exactly.</summary>
    private static ScratchArray<float> Smooth(RgbImage image, int channel)
    {
        var pixels = image.Pixels;
        using var planes = new ScratchArray<float>(image.Width * image.Height);
        var plane = planes.Span;
        for (var i = 0; i < plane.Length; i++)
            plane[i] = pixels[(3 * i) + channel];
        var smooth = new ScratchArray<float>(plane.Length);
        SymmetricFilter.Apply(plane, image.Width, image.Height, SymmetricFilter.Triangle(SmoothingRadius, 1f), Border.Clamp, smooth.Span);
        return smooth;
    }

    /// <summary>Squared gradient magnitude of one channel.</summary>
    private static double Square(float[] channel, int left, int right, int above, int below)
    {
        double dx = channel[right] - channel[left], dy = channel[below] - channel[above];
        return (dx * dx) + (dy * dy);
    }

    private static int Square(int value) => value * value;
}
