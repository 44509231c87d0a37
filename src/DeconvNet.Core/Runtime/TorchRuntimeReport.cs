namespace DeconvNet.Runtime;

/// <summary>Why libtorch cannot be used in this process.</summary>
public enum TorchRuntimeProblem
{
    /// <summary>No problem.</summary>
    None,

    /// <summary>TorchSharp has no native library for this system or processor.</summary>
    UnsupportedPlatform,

    /// <summary>TorchSharp's native library is not in the application's folders.</summary>
    NativePartMissing,

    /// <summary>There is no libtorch: the application has no backend package, and no folder was chosen.</summary>
    BackendMissing,

    /// <summary>A libtorch folder was chosen, but the application contains another libtorch, which TorchSharp would load instead.</summary>
    TwoBackends,

    /// <summary>The version of libtorch is not the one that TorchSharp was built for.</summary>
    VersionMismatch,

    /// <summary>The files exist, but the system cannot load them.</summary>
    LoadFailed,

    /// <summary>TorchSharp was used too early, and stays unusable in this process.</summary>
    StartedTooEarly,

    /// <summary>An environment variable of DeconvNet has an invalid value.</summary>
    UnknownSetting,

    /// <summary>Convolutions are wrong on this processor, and this libtorch does not allow disabling oneDNN.</summary>
    WrongConvolutions,
}

/// <summary>The state of TorchSharp's native libraries. Immutable.</summary>
public sealed record TorchRuntimeReport
{
    /// <summary>The problem; <see cref="TorchRuntimeProblem.None"/> if there is none.</summary>
    public required TorchRuntimeProblem Problem { get; init; }

    /// <summary>Whether networks can run in this process.</summary>
    public bool IsUsable => Problem == TorchRuntimeProblem.None;

    /// <summary>What is missing and what to do about it, or what is in use.</summary>
    public required string Message { get; init; }

    /// <summary>Version of TorchSharp, for instance <c>0.107.0</c>.</summary>
    public required string TorchSharpVersion { get; init; }

    /// <summary>Version of the libtorch found, for instance <c>2.10.0</c>; <see langword="null"/> if none was found or its version is unknown.</summary>
    public string? LibTorchVersion { get; init; }

    /// <summary>Folder of the libtorch found; <see langword="null"/> if none was found, or the system located it.</summary>
    public string? LibTorchFolder { get; init; }

    /// <summary>Whether an NVIDIA GPU can be used.</summary>
    public bool IsCudaAvailable { get; init; }

    /// <summary>Whether convolutions on the CPU are correct.</summary>
    public ConvolutionState Convolutions { get; init; }

    /// <summary>Whether oneDNN computes convolutions on the CPU (<see cref="TorchRuntime.UseOneDnn"/>).</summary>
    public bool IsOneDnnOn { get; init; }

    /// <summary>
    /// Whether the process keeps memory that libtorch frees, which makes networks faster; each thread keeps the memory of its largest pass. True on Linux
    /// with glibc, unless the environment variable <c>DECONVNET_MALLOPT</c> is <c>off</c> or the environment sets glibc's thresholds.
    /// </summary>
    public bool KeepsFreedMemory { get; init; }

    /// <summary>The message.</summary>
    public override string ToString() => Message;
}
