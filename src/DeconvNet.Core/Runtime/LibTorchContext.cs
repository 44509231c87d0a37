using System.Runtime.InteropServices;

namespace DeconvNet.Runtime;

/// <summary>
/// Process-wide settings of libtorch that TorchSharp does not expose: members of the C++ class <c>at::Context</c>, which
/// <c>torch_cpu</c> exports with mangled names (Itanium ABI on Linux and macOS, Microsoft's on Windows).
/// </summary>
internal sealed unsafe class LibTorchContext
{
    private readonly nint context;
    private readonly delegate* unmanaged<nint, byte> isOneDnnOn;
    private readonly delegate* unmanaged<nint, byte, void> setOneDnn;
    private readonly delegate* unmanaged<nint, byte, void> setNnpack;

    private LibTorchContext(nint context, nint isOneDnnOn, nint setOneDnn, nint setNnpack)
    {
        this.context = context;
        this.isOneDnnOn = (delegate* unmanaged<nint, byte>)isOneDnnOn;
        this.setOneDnn = (delegate* unmanaged<nint, byte, void>)setOneDnn;
        this.setNnpack = (delegate* unmanaged<nint, byte, void>)setNnpack;
    }

    /// <summary>Whether convolutions and transposed convolutions on the CPU may be computed by oneDNN.</summary>
    public bool IsOneDnnOn
    {
        get => isOneDnnOn(context) != 0;
        set => setOneDnn(context, value ? (byte)1 : (byte)0);
    }

    /// <summary>Finds the settings of a loaded <c>torch_cpu</c>; <see langword="null"/> if it does not export them.</summary>
    public static LibTorchContext? Of(nint libTorch)
    {
        return TryFind("_ZN2at13globalContextEv", "?globalContext@at@@YAAEAVContext@1@XZ", out var globalContext)
            && TryFind("_ZNK2at7Context17userEnabledMkldnnEv", "?userEnabledMkldnn@Context@at@@QEBA_NXZ", out var isOneDnnOn)
            && TryFind("_ZN2at7Context20setUserEnabledMkldnnEb", "?setUserEnabledMkldnn@Context@at@@QEAAX_N@Z", out var setOneDnn)
            && TryFind("_ZN2at7Context20setUserEnabledNNPACKEb", "?setUserEnabledNNPACK@Context@at@@QEAAX_N@Z", out var setNnpack)
            ? new LibTorchContext(((delegate* unmanaged<nint>)globalContext)(), isOneDnnOn, setOneDnn, setNnpack)
            : null;

        bool TryFind(string itanium, string microsoft, out nint function) =>
            NativeLibrary.TryGetExport(libTorch, OperatingSystem.IsWindows() ? microsoft : itanium, out function);
    }

    /// <summary>
    /// Disables NNPACK, another convolution library, which is used only if oneDNN is not. On unsupported processors it prints a warning on every call.
    /// </summary>
    public void TurnNnpackOff() => setNnpack(context, 0);
}
