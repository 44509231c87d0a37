namespace DeconvNet.OnnxRuntime;

/// <summary>Options of ONNX Runtime on the CPU. Immutable.</summary>
public sealed record OnnxEngineOptions
{
    /// <summary>The defaults: all cores.</summary>
    public static OnnxEngineOptions Default { get; } = new();

    /// <summary>
    /// Number of threads of a call, 1 … 1024; <see langword="null"/> for the number of cores. A batch of at least as many crops is distributed crop by crop, on .NET's thread pool; otherwise ONNX Runtime's own
    /// threads share each layer. The result does not depend on it.
    /// </summary>
    public int? Threads { get; init; }

    internal int ThreadCount => Threads ?? Environment.ProcessorCount;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    internal void Validate() => OptionValue.Require(Threads is null or (>= 1 and <= 1024), this, Threads, "1 to 1024");
}
