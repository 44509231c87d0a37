using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace DeconvNet.Runtime;

/// <summary>Loads the native libraries step by step, in order of their dependencies, and stops at the first problem.</summary>
internal static class TorchProbe
{
    private static readonly string TorchSharpVersion = NativeFiles.TorchSharpAssembly.GetName().Version?.ToString(3) ?? "of unknown version";

    public static TorchRuntimeReport Run()
    {
        if (TorchAdvice.UnsupportedPlatform() is { } platform)
            return Failed(TorchRuntimeProblem.UnsupportedPlatform, platform);

        if (TorchAdvice.UnknownSetting(Environment.GetEnvironmentVariable) is { } setting)
            return Failed(TorchRuntimeProblem.UnknownSetting, setting);

        if (ChosenLibTorch.Rival is { } rival)
            return Failed(TorchRuntimeProblem.TwoBackends, TorchAdvice.TwoBackends(ChosenLibTorch.Folder!, rival));

        if (TorchFile is not { } file)
            return Failed(TorchRuntimeProblem.BackendMissing, TorchAdvice.BackendMissing(TorchSharpVersion));
        if (!File.Exists(file))
            return Failed(TorchRuntimeProblem.BackendMissing, TorchAdvice.ChosenFolderEmpty(file));

        // By path: by name the system might load its own libtorch, which could not be replaced later.
        if (Attempt(file, out var libTorch) is { } refusal)
            return Failed(TorchRuntimeProblem.LoadFailed, TorchAdvice.LoadFailed(refusal));

        // The version is queried with a C function before any C++ code runs: with a different libtorch, a missing function would crash the process.
        var version = LibTorchVersion.Of(libTorch);
        var expected = LibTorchVersion.Expected;
        if (!LibTorchVersion.Fits(version, expected))
            return Failed(TorchRuntimeProblem.VersionMismatch, TorchAdvice.VersionMismatch(version, expected!, TorchSharpVersion, Folder), version);

        // TorchSharp's library requests it by its bare name, which finds the one already in the process.
        if (ChosenLibTorch.Folder is { } chosen && Attempt(Path.Combine(chosen, NativeFiles.FileName("torch")), out _) is { } incomplete)
            return Failed(TorchRuntimeProblem.LoadFailed, TorchAdvice.LoadFailed(incomplete), version);

        if (!NativeLibrary.TryLoad(NativeFiles.TorchSharpLibrary, NativeFiles.TorchSharpAssembly, null, out _))
            return NativeFiles.Find(NativeFiles.TorchSharpLibrary) is { } path
                ? Failed(TorchRuntimeProblem.LoadFailed, TorchAdvice.LoadFailed(TorchLibraryResolver.Failure ?? Attempt(path, out _)), version)
                : Failed(TorchRuntimeProblem.NativePartMissing, TorchAdvice.NativePartMissing(), version);

        return Start(libTorch, version);
    }

    /// <summary>The report for a working libtorch with its current settings.</summary>
    public static TorchRuntimeReport Running(string? version, bool isCudaAvailable) => new()
    {
        Problem = TorchRuntimeProblem.None,
        Message = $"TorchSharp {TorchSharpVersion} runs with libtorch {version ?? "of unknown version"}{(Folder is { } folder ? $" from {folder}" : "")}, {(isCudaAvailable ? "CUDA available" : "on the CPU")}. "
            + (OneDnn.IsForced ? TorchAdvice.ForcedPadding() : TorchAdvice.Convolutions(OneDnn.State, OneDnn.IsOn, OneDnn.HasSwitch))
            + (GlibcHeap.KeepsMemory ? " Memory that it frees stays with the process." : ""),
        TorchSharpVersion = TorchSharpVersion,
        LibTorchVersion = version,
        LibTorchFolder = Folder,
        IsCudaAvailable = isCudaAvailable,
        Convolutions = OneDnn.State,
        IsOneDnnOn = OneDnn.IsOn,
        KeepsFreedMemory = GlibcHeap.KeepsMemory,
    };

    private static string? TorchFile => ChosenLibTorch.Folder is { } chosen
        ? Path.Combine(chosen, NativeFiles.FileName(NativeFiles.TorchLibrary))
        : NativeFiles.Find(NativeFiles.TorchLibrary);

    private static string? Folder => Path.GetDirectoryName(TorchFile);

    private static TorchRuntimeReport Start(nint libTorch, string? version)
    {
        try
        {
            var cuda = IsCudaAvailable();
            OpenMpThreads.Find(libTorch);
            OneDnn.Examine(libTorch, Environment.GetEnvironmentVariable(OneDnn.Variable));
            if (OneDnn.State == ConvolutionState.Wrong && OneDnn.IsOn)
                return Failed(TorchRuntimeProblem.WrongConvolutions, TorchAdvice.WrongConvolutions(), version);
            return Running(version, cuda);
        }
        catch (TypeInitializationException)
        {
            return Failed(TorchRuntimeProblem.StartedTooEarly, TorchAdvice.StartedTooEarly(), version);
        }
    }

    // A separate method, since the initializer of torch may run on entry to a method that uses one of its members.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsCudaAvailable() => torch.cuda.is_available();

    private static Exception? Attempt(string path, out nint handle)
    {
        handle = 0;
        try
        {
            handle = NativeLibrary.Load(path);
            return null;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            return error;
        }
    }

    private static TorchRuntimeReport Failed(TorchRuntimeProblem problem, string message, string? version = null) => new()
    {
        Problem = problem,
        Message = message,
        TorchSharpVersion = TorchSharpVersion,
        LibTorchVersion = version,
        LibTorchFolder = Folder,
    };
}
