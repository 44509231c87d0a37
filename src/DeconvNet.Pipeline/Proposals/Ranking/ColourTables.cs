using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Ranking;

/// <summary>What is summed of an image's colours: the colours themselves, and regions of like colour.</summary>
internal sealed class ColourTables
{
    // Tolerances of the regions: small patches, and whole surfaces.
    private const float FineTolerance = 100;
    private const float CoarseTolerance = 400;

    public ColourTables(RgbImage image)
    {
        var steps = new ColourSteps(image);
        Colours = ColourSums.Of(image);
        Fine = new SegmentSums(ColourSegments.Label(steps, FineTolerance), steps.Width, steps.Height);
        Coarse = new SegmentSums(ColourSegments.Label(steps, CoarseTolerance), steps.Width, steps.Height);
    }

    public CellSums Colours { get; }

    /// <summary>Small patches.</summary>
    public SegmentSums Fine { get; }

    /// <summary>Whole surfaces.</summary>
    public SegmentSums Coarse { get; }
}
