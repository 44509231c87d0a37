using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using ProcessorArchitecture = System.Runtime.InteropServices.Architecture;

namespace DeconvNet.Runtime;

/// <summary>Error messages for the user if libtorch cannot be used: what is wrong, then what to do.</summary>
internal static partial class TorchAdvice
{
    /// <summary>Why TorchSharp cannot run on this system at all; <see langword="null"/> if it can.</summary>
    public static string? UnsupportedPlatform() => UnsupportedPlatform(RuntimeInformation.RuntimeIdentifier, RuntimeInformation.ProcessArchitecture, OperatingSystem.IsWindows(), OperatingSystem.IsLinux(), OperatingSystem.IsMacOS());

    internal static string? UnsupportedPlatform(string identifier, ProcessorArchitecture process, bool windows, bool linux, bool mac)
    {
        const string Supported = "TorchSharp runs in 64-bit processes on Linux x64 with glibc, Windows x64 and macOS arm64";
        if (linux && identifier.Contains("musl", StringComparison.Ordinal))
            return $"{Supported}; this system ({identifier}) has musl in place of glibc. Use an image with glibc, for instance Debian or Ubuntu, instead of Alpine.";
        return (linux || windows) && process == ProcessorArchitecture.X64 || mac && process == ProcessorArchitecture.Arm64
            ? null
            : $"{Supported}; this is a process of {process} on {identifier}. Install the .NET runtime of a supported processor, or run elsewhere.";
    }

    public static string NativePartMissing() =>
        $"TorchSharp's native part, {NativeFiles.FileName(NativeFiles.TorchSharpLibrary)}, is in none of the application's folders ({string.Join(", ", NativeFiles.Folders)}). "
        + $"Build or publish the application for this system (--runtime {PortableIdentifier()}) and copy the whole output folder.";

    public static string BackendMissing(string torchSharpVersion) =>
        $"The application has no libtorch. Add the backend package to the application: dotnet add package TorchSharp-cpu --version {torchSharpVersion}"
        + (OperatingSystem.IsMacOS() ? "" : $" (for an NVIDIA GPU: TorchSharp-cuda-{(OperatingSystem.IsWindows() ? "windows" : "linux")} instead)")
        + $"; or name the folder of an existing libtorch with TorchRuntime.UseLibTorch or the environment variable {ChosenLibTorch.Variable}.";

    public static string ChosenFolderEmpty(string path) =>
        $"The folder {Path.GetDirectoryName(path)}, chosen by TorchRuntime.UseLibTorch or {ChosenLibTorch.Variable}, holds no libtorch: {Path.GetFileName(path)} is missing.";

    public static string TwoBackends(string chosen, string own) =>
        $"The libtorch in {chosen} was chosen by TorchRuntime.UseLibTorch or {ChosenLibTorch.Variable}, but the application has one of its own in {own}, which TorchSharp finds first. "
        + "Remove the backend package (TorchSharp-cpu, TorchSharp-cuda-…) from the application, or do not choose another folder.";

    public static string VersionMismatch(string? found, string expected, string torchSharpVersion, string? folder) =>
        $"TorchSharp {torchSharpVersion} is made for libtorch {expected}, but the libtorch{(folder is null ? "" : $" in {folder}")} is {(found is null ? "an older one" : $"version {found}")}. "
        + $"Use the backend package of the same version as TorchSharp (TorchSharp-cpu {torchSharpVersion}), or a libtorch {expected}.";

    public static string StartedTooEarly() =>
        "TorchSharp was used before it could start, and gets one attempt only in the life of a process. "
        + "Call TorchRuntime.Check (or TorchRuntime.Initialize) before anything uses TorchSharp, then start the application again.";

    /// <summary>Describes an invalid environment variable; <see langword="null"/> if all are valid.</summary>
    /// <param name="variable">Returns the value of an environment variable.</param>
    public static string? UnknownSetting(Func<string, string?> variable)
    {
        if (variable(OneDnn.Variable) is { Length: > 0 } oneDnn and not (OneDnn.Off or OneDnn.Padded))
            return $"The environment variable {OneDnn.Variable} is '{oneDnn}'; it may be {OneDnn.Off}, {OneDnn.Padded} or unset.";
        return variable(GlibcHeap.Variable) is { Length: > 0 } heap and not GlibcHeap.Off
            ? $"The environment variable {GlibcHeap.Variable} is '{heap}'; it may be {GlibcHeap.Off} or unset."
            : null;
    }

    /// <summary>Describes the state of convolutions, and what to do about it.</summary>
    public static string Convolutions(ConvolutionState state, bool isOneDnnOn, bool hasSwitch) => (state, isOneDnnOn) switch
    {
        (ConvolutionState.Correct, true) => "Its convolutions are correct on this processor.",
        (ConvolutionState.Correct, false) => "Its convolutions are correct on this processor; oneDNN, which makes them faster, was turned off.",
        (_, false) => "Its convolutions by oneDNN are wrong on this processor, so oneDNN is disabled: all networks are correct, but slower than elsewhere.",
        _ => "Its convolutions by oneDNN are wrong on this processor if the number of channels is not a multiple of 16. DeconvNet's networks pad channels and are correct. "
            + "For other networks "
            + (hasSwitch ? $"turn oneDNN off, with TorchRuntime.UseOneDnn(false) or the environment variable {OneDnn.Variable}={OneDnn.Off}; or give" : "give")
            + " their layers a multiple of 16 channels.",
    };

    public static string ForcedPadding() =>
        $"DeconvNet's networks pad the channels of their convolutions, since {OneDnn.Variable} is {OneDnn.Padded}; whether this processor needs that was not tested.";

    public static string WrongConvolutions() =>
        "Libtorch's convolutions by oneDNN are wrong on this processor, and this libtorch does not export the switch that turns oneDNN off. "
        + "Use the backend package of the same version as TorchSharp, or run elsewhere.";

    /// <summary>The message of the loader, with advice for known cases.</summary>
    public static string LoadFailed(Exception? failure)
    {
        var words = LoaderWords(failure?.Message ?? "the loader gave no reason");
        if (MissingVersion().Match(words) is { Success: true } version)
            return $"This system's {version.Groups[1].Value} is older than libtorch asks for ({version.Groups[2].Value}): {words}. Debian 12, Ubuntu 22.04, RHEL 9 or newer is needed.";
        if (MissingSymbol().Match(words) is { Success: true } symbol)
            return $"The libtorch found does not fit TorchSharp, it lacks the symbol {symbol.Groups[1].Value}: {words}. Use the backend package of the same version as TorchSharp.";
        return $"The native libraries are there, but the system did not load them: {words}.";
    }

    /// <summary>The runtime identifier of this system for <c>dotnet publish --runtime</c>.</summary>
    private static string PortableIdentifier() => OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";

    // .NET precedes the loader's message with a paragraph about strace and LD_DEBUG.
    private static string LoaderWords(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join("; ", lines.Length > 1 ? lines[1..] : lines).TrimEnd('.', ':', ' ');
    }

    [GeneratedRegex(@"([^/\s]+): version `([^']+)' not found")]
    private static partial Regex MissingVersion();

    [GeneratedRegex(@"undefined symbol: (\w+)")]
    private static partial Regex MissingSymbol();
}
