using DeconvNet.OnnxRuntime;
using DeconvNet.Segmentation;

namespace DeconvNet.Weights;

/// <summary>
/// The weights of DeconvNet.Weights.Compact quantized to 8 bits, for ONNX Runtime: <c>Int8Weights.DeconvNet.CreateSegmenter()</c>. Nothing is downloaded. Thread-safe.
/// </summary>
public static class Int8Weights
{
    /// <summary>The default DeconvNet.</summary>
    public static DeconvNetOnnxWeights DeconvNet { get; } = new("compact-int8.onnx.gz", () => Open("compact-int8.onnx.gz"));

    /// <summary>The small FCN-8s of the same family.</summary>
    public static FcnOnnxWeights Fcn8s { get; } = new("fcn8s-compact-int8.onnx.gz", () => Open("fcn8s-compact-int8.onnx.gz"));

    /// <summary>Options for both in an <see cref="EnsembleSegmenter"/>, the same as for 32-bit weights.</summary>
    public static EnsembleOptions Ensemble { get; } = EnsembleOptions.Default with { Temperature = 0.88 };

    private static Stream Open(string resource) => typeof(Int8Weights).Assembly.GetManifestResourceStream(resource)!;
}
