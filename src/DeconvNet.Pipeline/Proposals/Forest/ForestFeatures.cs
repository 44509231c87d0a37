using DeconvNet.Imaging;
using DeconvNet.Proposals.Edges;

namespace DeconvNet.Proposals.Forest;

/// <summary>
/// The feature channels of an image for the structured forest: color, then gradient magnitude and histogram at full and
/// half scale; once lightly and once strongly smoothed.
/// </summary>
/// <param name="Regular">Channels for features that are single pixels.</param>
/// <param name="SelfSimilarity">Channels for features that are the difference of two cells.</param>
internal sealed record ForestFeatures(FloatPlanes Regular, FloatPlanes SelfSimilarity)
{
    public static ForestFeatures Of(RgbImage image, ForestShape shape)
    {
        var channels = Channels(image, shape);
        return new ForestFeatures(
            channels.Smoothed(Halved(shape.RegFeatureSmoothingRadius, shape)),
            channels.Smoothed(Halved(shape.SsFeatureSmoothingRadius, shape)));
    }

    /// <summary>The channels before smoothing.</summary>
    public static FloatPlanes Channels(RgbImage image, ForestShape shape)
    {
        var luv = LuvPlanes.Of(image, shape.Padding);
        var shrink = shape.ShrinkNumber;
        var (width, height) = (Rounded((double)luv.Width / shrink), Rounded((double)luv.Height / shrink));
        var planes = new List<float[]>(luv.Resized(width, height).Planes);
        foreach (var scale in (double[])[1, 0.5])
        {
            var scaled = luv.Resized(Math.Max(1, Rounded(scale * luv.Width)), Math.Max(1, Rounded(scale * luv.Height))).Smoothed(shape.GradientSmoothingRadius);
            var cell = Math.Max(1, (int)(shrink * scale));
            var (magnitude, histogram) = GradientHistogram.Measure(scaled, shape.GradientNormalizationRadius, cell, shape.NumberOfGradientOrientations);
            planes.AddRange(magnitude.Resized(width, height).Planes);
            planes.AddRange(histogram.Resized(width, height).Planes);
        }

        return new FloatPlanes(width, height, [.. planes]);
    }

    private static int Halved(int radius, ForestShape shape) => Rounded((double)radius / shape.ShrinkNumber);

    // Halves round to even, like OpenCV's cvRound.
    private static int Rounded(double value) => (int)Math.Round(value, MidpointRounding.ToEven);
}
