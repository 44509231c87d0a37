using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace DeconvNet.Runtime;

/// <summary>
/// Loads <c>libLibTorchSharp.so</c> where the ordinary search failed because the system's libstdc++ is older than the library asks for
/// (Debian 12, Ubuntu 22.04): the version <c>GLIBCXX_3.4.32</c> that it asks for has one symbol, which nothing in the library uses,
/// so a copy in memory that asks for <c>GLIBCXX_3.4.30</c> instead loads and behaves the same.
/// </summary>
internal static class TorchLibraryResolver
{
    internal const string NativeLibraryName = "LibTorchSharp";
    private const string StandardLibrary = "libstdc++.so.6";
    private const string TooNew = "GLIBCXX_3.4.32";
    private const string Substitute = "GLIBCXX_3.4.30";

    private static readonly Lock Gate = new();
    private static nint loaded;
    private static bool installed;

    /// <summary>Folder of a libtorch chosen by the user; searched first.</summary>
    internal static string? LibTorchFolder { get; set; }

    /// <summary>Why the last attempt failed; <see langword="null"/> if none was made or it went well.</summary>
    internal static string? Failure { get; private set; }

    /// <summary>Whether the patched copy serves this process.</summary>
    internal static bool IsPatched => loaded != 0;

    /// <summary>Puts the hook in place, once; it acts only after the ordinary search failed.</summary>
    internal static void Install()
    {
        lock (Gate)
        {
            if (installed || !OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
                return;

            installed = true;
            var context = AssemblyLoadContext.GetLoadContext(typeof(TorchLibraryResolver).Assembly) ?? AssemblyLoadContext.Default;
            context.ResolvingUnmanagedDll += Resolve;
            if (context != AssemblyLoadContext.Default)
                AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
        }
    }

    private static nint Resolve(Assembly assembly, string name)
    {
        if (assembly.GetName().Name != "TorchSharp" || Path.GetFileNameWithoutExtension(name) is not (NativeLibraryName or "lib" + NativeLibraryName))
            return 0;

        lock (Gate)
        {
            if (loaded == 0)
                loaded = LoadPatched(assembly);
            return loaded;
        }
    }

    private static nint LoadPatched(Assembly assembly)
    {
        try
        {
            if (Find(assembly, $"lib{NativeLibraryName}.so") is not { } path)
            {
                Failure = $"lib{NativeLibraryName}.so was not found beside the application.";
                return 0;
            }

            var image = File.ReadAllBytes(path);
            if (!ElfSymbolVersion.Replace(image, StandardLibrary, TooNew, Substitute))
            {
                Failure = $"{path} did not load, and not for its version of libstdc++.";
                return 0;
            }

            // The copy has no folder of its own, so what it needs must be in the process before it.
            if (Find(assembly, "libtorch.so") is { } torch && !NativeLibrary.TryLoad(torch, out _))
            {
                Failure = $"{torch} did not load.";
                return 0;
            }

            Failure = null;
            return NativeLibrary.Load(MemoryFile.Create(NativeLibraryName, image));
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException)
        {
            Failure = error.Message;
            return 0;
        }
    }

    /// <summary>The full path of a native file, searched where the host searches.</summary>
    internal static string? Find(Assembly assembly, string fileName)
    {
        var folders = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"))
            .Append(Path.GetDirectoryName(assembly.Location));
        return folders.Prepend(LibTorchFolder)
            .Where(folder => !string.IsNullOrEmpty(folder))
            .Select(folder => Path.Combine(folder!, fileName))
            .FirstOrDefault(File.Exists);
    }
}
