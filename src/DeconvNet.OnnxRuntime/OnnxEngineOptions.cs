namespace DeconvNet.OnnxRuntime;

/// <summary>How ONNX Runtime runs a network. Immutable.</summary>
public sealed record OnnxEngineOptions
{
    /// <summary>The processor, with all its cores.</summary>
    public static OnnxEngineOptions Default { get; } = new();

    /// <summary>What computes. Default <see cref="OnnxProvider.Cpu"/>.</summary>
    public OnnxProvider Provider { get; init; }

    /// <summary>Which GPU, from 0; only for <see cref="OnnxProvider.Cuda"/>.</summary>
    public int Device { get; init; }

    /// <summary>Threads that one pass of the network uses, 1 … 1024; <see langword="null"/> for as many as there are cores. Results do not depend on it by more than rounding.</summary>
    public int? Threads { get; init; }

    internal void Validate()
    {
        OptionValue.Require(Enum.IsDefined(Provider), this, Provider, "one of the names of OnnxProvider");
        OptionValue.Require(Device is >= 0 and < 1024, this, Device, "0 to 1023");
        OptionValue.Require(Threads is null or (>= 1 and <= 1024), this, Threads, "1 to 1024");
    }
}
