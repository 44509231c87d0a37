namespace DeconvNet.Segmentation;

/// <summary>How far the segmentation of one photo has come.</summary>
/// <param name="Done">Steps done so far: proposals scored and merged, or what else the segmenter counts.</param>
/// <param name="Total">Steps in all; 0 where there is nothing to do.</param>
public readonly record struct SegmentationProgress(int Done, int Total)
{
    /// <summary>The finished part, 0 … 1.</summary>
    public double Fraction => Total == 0 ? 1 : (double)Done / Total;
}
