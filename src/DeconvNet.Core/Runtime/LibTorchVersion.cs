using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace DeconvNet.Runtime;

/// <summary>The version of a loaded libtorch, and the one that TorchSharp was built for.</summary>
internal static class LibTorchVersion
{
    // "const string libtorchPackageVersion" of TorchSharp.torch; its public counterpart, torch.__version__, would run the type initializer.
    private const string ConstantName = "libtorchPackageVersion";

    /// <summary>The version that TorchSharp was built for, for instance <c>2.10.0</c>; <see langword="null"/> if unknown.</summary>
    public static string? Expected { get; } =
        typeof(TorchSharp.torch).GetField(ConstantName, BindingFlags.Static | BindingFlags.NonPublic)?.GetRawConstantValue() is string text && Version.TryParse(text, out var version)
            ? version.ToString(3)
            : null;

    /// <summary>The version of a loaded <c>torch_cpu</c>; <see langword="null"/> before 2.10, which does not report it.</summary>
    public static unsafe string? Of(nint libTorch) =>
        NativeLibrary.TryGetExport(libTorch, "aoti_torch_abi_version", out var function) ? Decode(((delegate* unmanaged<ulong>)function)()) : null;

    /// <summary>Major, minor and patch are the three highest bytes (torch/csrc/stable, <c>TORCH_ABI_VERSION</c>).</summary>
    internal static string Decode(ulong version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version >> 56}.{(version >> 48) & 0xff}.{(version >> 40) & 0xff}");

    /// <summary>Whether a libtorch is compatible with the expected version: the layouts of its C++ classes change with the minor version.</summary>
    public static bool Fits(string? found, string? expected)
    {
        if (expected is null || !Version.TryParse(expected, out var wanted))
            return true;
        if (found is null)
            return wanted < new Version(2, 10);
        return Version.TryParse(found, out var version) && (version.Major, version.Minor) == (wanted.Major, wanted.Minor);
    }
}
