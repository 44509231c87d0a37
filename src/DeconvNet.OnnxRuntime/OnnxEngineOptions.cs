namespace DeconvNet.OnnxRuntime;

/// <summary>How ONNX Runtime runs a network on the CPU. Immutable.</summary>
public sealed record OnnxEngineOptions
{
    /// <summary>All cores.</summary>
    public static OnnxEngineOptions Default { get; } = new();

    /// <summary>Threads that one pass of the network uses, 1 … 1024; <see langword="null"/> for as many as there are cores.</summary>
    public int? Threads { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    internal void Validate() => OptionValue.Require(Threads is null or (>= 1 and <= 1024), this, Threads, "1 to 1024");
}
