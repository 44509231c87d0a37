using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Ranking;

/// <summary>Integral images of color statistics, and of regions of similar color.</summary>
internal sealed class ColorTables
{
    // Tolerances of the segmentation, for small patches and for whole surfaces.
    private const float FineTolerance = 100;
    private const float CoarseTolerance = 400;

    public ColorTables(RgbImage image)
    {
        var steps = new ColorSteps(image);
        Colors = ColorSums.Of(image);
        Fine = new SegmentSums(ColorSegments.Label(steps, FineTolerance), steps.Width, steps.Height);
        Coarse = new SegmentSums(ColorSegments.Label(steps, CoarseTolerance), steps.Width, steps.Height);
    }

    public CellSums Colors { get; }

    /// <summary>Regions that are small patches.</summary>
    public SegmentSums Fine { get; }

    /// <summary>Regions that are whole surfaces.</summary>
    public SegmentSums Coarse { get; }
}
