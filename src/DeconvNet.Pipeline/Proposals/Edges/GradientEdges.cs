using DeconvNet.Imaging;
using DeconvNet.Imaging.Resampling;
using DeconvNet.Proposals.Search;

namespace DeconvNet.Proposals.Edges;

/// <summary>
/// Edges as the locally normalized color gradient: the largest gradient magnitude of the three channels after light smoothing,
/// divided by four times its mean over the neighborhood. It needs no trained model.
/// </summary>
/// <remarks>
/// The division brings weak and strong contrast onto one scale, which Edge Boxes needs since its thresholds are absolute.
/// Single-color images give zeros. Thread-safe.
/// </remarks>
public sealed class GradientEdges : IEdgeDetector
{
    private const int SmoothingRadius = 4;
    private const int NormalizationRadius = 16;
    private const double Quietness = 0.02;

    private GradientEdges()
    {
    }

    /// <summary>The detector, for <see cref="EdgeBoxes"/>.</summary>
    public static IEdgeDetector Detector { get; } = new GradientEdges();

    EdgeMap IEdgeDetector.Detect(RgbImage image, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Detect(image);
    }

    /// <summary>Finds the strength of the edge at every pixel, 0 … 1.</summary>
    /// <param name="image">The image.</param>
    /// <returns>A map of the image's size, without suppression of non-maxima.</returns>
    public static EdgeMap Detect(RgbImage image) => Detect(image, null);

    /// <summary>Finds edges, and the direction of the gradient that won among the channels.</summary>
    /// <param name="image">The image.</param>
    /// <returns>
    /// Strength, 0 … 1, and the direction across the edge in radians, [0, π). Edge Boxes uses the smoother
    /// <see cref="EdgeOrientation"/> instead.
    /// </returns>
    public static (EdgeMap Edges, EdgeMap Orientation) DetectOriented(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var orientation = new float[image.Width * image.Height];
        return (Detect(image, orientation), new EdgeMap(image.Width, image.Height, orientation));
    }

    private static EdgeMap Detect(RgbImage image, float[]? orientation)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (width, height) = (image.Width, image.Height);
        var magnitude = Magnitude(image, orientation);
        var mean = SymmetricFilter.Apply<double>(
            magnitude, width, height, SymmetricFilter.Triangle(NormalizationRadius, 1.0 / Square(NormalizationRadius + 1)), Border.Clamp);

        var edges = new float[magnitude.Length];
        for (var i = 0; i < edges.Length; i++)
            edges[i] = (float)Math.Min(1, magnitude[i] / (4 * (mean[i] + Quietness)));
        return new EdgeMap(width, height, edges);
    }

    private static double[] Magnitude(RgbImage image, float[]? orientation)
    {
        var (width, height) = (image.Width, image.Height);
        var red = Smooth(image, 0);
        var green = Smooth(image, 1);
        var blue = Smooth(image, 2);

        // The smoothed channels are whole numbers: gray levels times this, times two for the difference across two pixels.
        var unit = 1.0 / (2.0 * 255 * Square(Square(SmoothingRadius + 1)));
        var magnitude = new double[red.Length];
        for (var y = 0; y < height; y++)
        {
            var row = y * width;
            var above = Math.Max(0, y - 1) * width;
            var below = Math.Min(height - 1, y + 1) * width;
            for (var x = 0; x < width; x++)
            {
                var left = row + Math.Max(0, x - 1);
                var right = row + Math.Min(width - 1, x + 1);
                double dx = red[right] - red[left], dy = red[below + x] - red[above + x];
                var most = (dx * dx) + (dy * dy);
                Challenge(green, ref dx, ref dy, ref most);
                Challenge(blue, ref dx, ref dy, ref most);
                magnitude[row + x] = Math.Sqrt(most) * unit;
                if (orientation is not null)
                    orientation[row + x] = Direction(dx, dy);

                void Challenge(float[] channel, ref double dx, ref double dy, ref double most)
                {
                    double otherX = channel[right] - channel[left], otherY = channel[below + x] - channel[above + x];
                    var other = (otherX * otherX) + (otherY * otherY);
                    if (other > most)
                        (dx, dy, most) = (otherX, otherY, other);
                }
            }
        }

        return magnitude;
    }

    /// <summary>One channel smoothed with whole weights: sums of bytes below 2²⁴, so float32 holds them exactly and equal gradients tie exactly.</summary>
    private static float[] Smooth(RgbImage image, int channel)
    {
        var pixels = image.Pixels;
        var plane = new float[image.Width * image.Height];
        for (var i = 0; i < plane.Length; i++)
            plane[i] = pixels[(3 * i) + channel];
        return SymmetricFilter.Apply<float>(plane, image.Width, image.Height, SymmetricFilter.Triangle(SmoothingRadius, 1f), Border.Clamp);
    }

    private static float Direction(double dx, double dy)
    {
        var angle = Math.Atan2(dy, dx);
        var halfTurn = (float)(angle < 0 ? angle + Math.PI : angle);
        return halfTurn >= MathF.PI ? 0 : halfTurn;
    }

    private static int Square(int value) => value * value;
}
