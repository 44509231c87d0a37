using DeconvNet.Segmentation;

namespace DeconvNet.Weights;

/// <summary>
/// The trained weights in this package; nothing is downloaded. They run on any engine: with DeconvNet.Core,
/// <c>CompactWeights.DeconvNet.CreateSegmenter()</c> from the namespace <c>DeconvNet.Engine</c>. Thread-safe.
/// </summary>
public static class CompactWeights
{
    /// <summary>The default DeconvNet.</summary>
    public static DeconvNetWeights DeconvNet { get; } = new("compact.safetensors", () => Open("compact.safetensors"));

    /// <summary>The small FCN-8s of the same family.</summary>
    public static FcnWeights Fcn8s { get; } = new("fcn8s-compact.safetensors", () => Open("fcn8s-compact.safetensors"));

    /// <summary>
    /// Options for both in an <see cref="EnsembleSegmenter"/>: the mean of their probabilities, which is underconfident, at the
    /// temperature that calibrates it.
    /// </summary>
    public static EnsembleOptions Ensemble { get; } = EnsembleOptions.Default with { Temperature = 0.88 };

    private static Stream Open(string resource) => typeof(CompactWeights).Assembly.GetManifestResourceStream(resource)!;
}
