namespace DeconvNet.OnnxRuntime;

/// <summary>What computes: ONNX Runtime's execution providers.</summary>
public enum OnnxProvider
{
    /// <summary>The processor; always there.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU. The application references <c>Microsoft.ML.OnnxRuntime.Gpu.Linux</c> or <c>.Gpu.Windows</c> in place of <c>Microsoft.ML.OnnxRuntime</c>.</summary>
    Cuda,
}
