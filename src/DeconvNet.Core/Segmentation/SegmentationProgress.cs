namespace DeconvNet.Segmentation;

/// <summary>How far the segmentation of one photo has come.</summary>
/// <param name="Done">Proposals scored and merged so far.</param>
/// <param name="Total">Proposals to score in all; 0 where the photo has none.</param>
public readonly record struct SegmentationProgress(int Done, int Total)
{
    /// <summary>The finished part, 0 … 1.</summary>
    public double Fraction => Total == 0 ? 1 : (double)Done / Total;
}
