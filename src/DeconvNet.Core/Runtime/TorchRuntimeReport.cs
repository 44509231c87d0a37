namespace DeconvNet.Runtime;

/// <summary>What keeps libtorch from running in this process.</summary>
public enum TorchRuntimeProblem
{
    /// <summary>Nothing: it runs.</summary>
    None,

    /// <summary>TorchSharp has no native part for this system or processor.</summary>
    UnsupportedPlatform,

    /// <summary>TorchSharp's native part is not in the application's folders.</summary>
    NativePartMissing,

    /// <summary>There is no libtorch: the application has no backend package and no folder was chosen.</summary>
    BackendMissing,

    /// <summary>A libtorch was chosen by its folder, and the application brings another, which TorchSharp would load in any case.</summary>
    TwoBackends,

    /// <summary>The libtorch that was found is of another version than TorchSharp is made for.</summary>
    VersionMismatch,

    /// <summary>The files are there, but the system does not load them.</summary>
    LoadFailed,

    /// <summary>TorchSharp was used before it could run, and stays unusable in this process.</summary>
    StartedTooEarly,

    /// <summary>An environment variable of DeconvNet has a value that it cannot have.</summary>
    UnknownSetting,

    /// <summary>Convolutions are wrong on this processor, and this libtorch has no switch that would put that right.</summary>
    WrongConvolutions,
}

/// <summary>The state of the native libraries below TorchSharp, in plain words. Immutable.</summary>
public sealed record TorchRuntimeReport
{
    /// <summary>What is wrong; <see cref="TorchRuntimeProblem.None"/> if nothing is.</summary>
    public required TorchRuntimeProblem Problem { get; init; }

    /// <summary>Whether networks can run in this process.</summary>
    public bool IsUsable => Problem == TorchRuntimeProblem.None;

    /// <summary>What is missing and what to do about it, or what is in use.</summary>
    public required string Message { get; init; }

    /// <summary>Version of TorchSharp, for instance <c>0.107.0</c>.</summary>
    public required string TorchSharpVersion { get; init; }

    /// <summary>Version of the libtorch found, for instance <c>2.10.0</c>; <see langword="null"/> if none was found or it does not tell.</summary>
    public string? LibTorchVersion { get; init; }

    /// <summary>Folder of the libtorch found; <see langword="null"/> if none was, or the system found it by itself.</summary>
    public string? LibTorchFolder { get; init; }

    /// <summary>Whether an NVIDIA GPU can be used.</summary>
    public bool IsCudaAvailable { get; init; }

    /// <summary>Whether convolutions on the CPU are right.</summary>
    public ConvolutionState Convolutions { get; init; }

    /// <summary>Whether oneDNN computes convolutions on the CPU (<see cref="TorchRuntime.UseOneDnn"/>).</summary>
    public bool IsOneDnnOn { get; init; }

    /// <summary>
    /// Whether memory that libtorch frees stays with the process, which makes networks faster; each thread keeps what its largest pass took. So it is on Linux
    /// with glibc, unless the environment variable <c>DECONVNET_MALLOPT</c> is <c>off</c> or the environment sets glibc's thresholds itself.
    /// </summary>
    public bool KeepsFreedMemory { get; init; }

    /// <summary>The message.</summary>
    public override string ToString() => Message;
}
