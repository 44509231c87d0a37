namespace DeconvNet.Architecture;

/// <summary>A skip connection: a pooled map whose scores are added to the upsampled scores of the coarser one (names from the published prototxts).</summary>
/// <param name="Pooling">The pooling layer.</param>
/// <param name="Stride">Pixels of the photo between two of its values.</param>
/// <param name="Score">The layer that scores it.</param>
/// <param name="Upsampling">The layer that upsamples the coarser scores to its stride.</param>
/// <param name="AtOnceScale">Scale of the map if all skips are trained at once.</param>
internal sealed record FcnSkip(string Pooling, int Stride, string Score, string Upsampling, double AtOnceScale)
{
    private static readonly FcnSkip Pool4 = new("pool4", 16, "score_pool4", "upscore2", 0.01);
    private static readonly FcnSkip Pool3 = new("pool3", 8, "score_pool3", "upscore_pool4", 0.0001);

    public static IReadOnlyList<FcnSkip> Of(FcnStride stride) => stride switch
    {
        FcnStride.Eight => [Pool4, Pool3],
        FcnStride.Sixteen => [Pool4],
        _ => [],
    };

    /// <summary>The layer that upsamples the sum of all scores to the photo's pixels.</summary>
    public static string LastUpsampling(FcnStride stride) => stride switch
    {
        FcnStride.Eight => "upscore8",
        FcnStride.Sixteen => "upscore16",
        _ => "upscore",
    };
}
