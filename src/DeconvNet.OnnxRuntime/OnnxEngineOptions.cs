namespace DeconvNet.OnnxRuntime;

/// <summary>Options of ONNX Runtime on the CPU. Immutable.</summary>
public sealed record OnnxEngineOptions
{
    /// <summary>The defaults: all cores.</summary>
    public static OnnxEngineOptions Default { get; } = new();

    /// <summary>Number of threads per forward pass, 1 … 1024; <see langword="null"/> for the number of cores.</summary>
    public int? Threads { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    internal void Validate() => OptionValue.Require(Threads is null or (>= 1 and <= 1024), this, Threads, "1 to 1024");
}
