using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Ranking;

/// <summary>Integral images of color statistics, and of regions of similar color.</summary>
internal sealed class ColorTables : IDisposable
{
    // Tolerances of the segmentation, for small patches and for whole surfaces.
    private const float FineTolerance = 100;
    private const float CoarseTolerance = 400;

    public ColorTables(RgbImage image)
    {
        using var steps = new ColorSteps(image);
        Colors = ColorSums.Of(image);
        Fine = Segments(steps, FineTolerance);
        Coarse = Segments(steps, CoarseTolerance);
    }

    public CellSums Colors { get; }

    /// <summary>Regions that are small patches.</summary>
    public SegmentSums Fine { get; }

    /// <summary>Regions that are whole surfaces.</summary>
    public SegmentSums Coarse { get; }

    public void Dispose()
    {
        Colors.Dispose();
        Fine.Dispose();
        Coarse.Dispose();
    }

    private static SegmentSums Segments(ColorSteps steps, float tolerance)
    {
        using var labels = ColorSegments.Label(steps, tolerance);
        return new SegmentSums(labels.Span, steps.Width, steps.Height);
    }
}
