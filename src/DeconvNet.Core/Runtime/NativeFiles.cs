using System.Reflection;
using TorchSharp;

namespace DeconvNet.Runtime;

/// <summary>Names and locations of the native libraries that TorchSharp needs.</summary>
internal static class NativeFiles
{
    /// <summary>TorchSharp's own native library, as named in its P/Invokes.</summary>
    public const string TorchSharpLibrary = "LibTorchSharp";

    /// <summary>The library of libtorch that every backend has.</summary>
    public const string TorchLibrary = "torch_cpu";

    /// <summary>TorchSharp's assembly; <c>typeof</c> does not run the initializer of <see cref="torch"/>.</summary>
    public static Assembly TorchSharpAssembly => typeof(torch).Assembly;

    /// <summary>File name of a library on this system: <c>torch_cpu.dll</c>, <c>libtorch_cpu.dylib</c>, <c>libtorch_cpu.so</c>.</summary>
    public static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    /// <summary>The folders that the host searches, then those from the environment, in search order.</summary>
    public static IReadOnlyList<string> Folders { get; } = Split(AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string)
        .Append(AppContext.BaseDirectory)
        .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"))
        .Concat(Split(Environment.GetEnvironmentVariable(OperatingSystem.IsWindows() ? "PATH" : OperatingSystem.IsMacOS() ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH")))
        .Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))
        .Distinct()
        .ToArray();

    /// <summary>The full path of the library's file in the first folder that has it.</summary>
    public static string? Find(string library) =>
        Folders.Select(folder => Path.Combine(folder, FileName(library))).FirstOrDefault(File.Exists);

    private static string[] Split(string? folders) =>
        (folders ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
