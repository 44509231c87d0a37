using DeconvNet.Segmentation;

namespace DeconvNet.Weights;

/// <summary>
/// The trained weights that this package carries. Nothing is downloaded. They run on any engine: with DeconvNet.Core,
/// <c>CompactWeights.DeconvNet.CreateSegmenter()</c> of the namespace <c>DeconvNet.Engine</c>. Thread-safe.
/// </summary>
public static class CompactWeights
{
    /// <summary>The default DeconvNet.</summary>
    public static DeconvNetWeights DeconvNet { get; } = new("compact.safetensors", () => Open("compact.safetensors"));

    /// <summary>The small FCN-8s of the same family.</summary>
    public static FcnWeights Fcn8s { get; } = new("fcn8s-compact.safetensors", () => Open("fcn8s-compact.safetensors"));

    /// <summary>
    /// How the two are combined in an <see cref="EnsembleSegmenter"/>: the mean of their probabilities, which is less sure of itself than it is right, at the
    /// temperature that calibrates it.
    /// </summary>
    public static EnsembleOptions Ensemble { get; } = EnsembleOptions.Default with { Temperature = 0.88 };

    private static Stream Open(string resource) => typeof(CompactWeights).Assembly.GetManifestResourceStream(resource)!;
}
