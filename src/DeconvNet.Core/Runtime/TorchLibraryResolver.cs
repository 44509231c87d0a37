using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using ProcessorArchitecture = System.Runtime.InteropServices.Architecture;

namespace DeconvNet.Runtime;

/// <summary>
/// Resolves TorchSharp's native libraries after the default search has failed:
/// <list type="bullet">
/// <item><c>torch_cpu</c> and <c>torch_cuda</c> come from the folder that the user chose, if any;</item>
/// <item><c>libLibTorchSharp.so</c> is loaded even if the system's libstdc++ is too old for it (Debian 12, Ubuntu 22.04): the required version
/// <c>GLIBCXX_3.4.32</c> has a single symbol, which the library does not use, so an in-memory copy that requires <c>GLIBCXX_3.4.30</c>
/// instead loads and behaves the same.</item>
/// </list>
/// </summary>
internal static class TorchLibraryResolver
{
    private const string StandardLibrary = "libstdc++.so.6";
    private const string TooNew = "GLIBCXX_3.4.32";
    private const string Substitute = "GLIBCXX_3.4.30";

    private static readonly Lock Gate = new();
    private static nint redirected;
    private static bool installed;

    /// <summary>Why the last attempt failed; <see langword="null"/> if there was none or it succeeded.</summary>
    internal static Exception? Failure { get; private set; }

    /// <summary>Installs the hook, once.</summary>
    internal static void Install()
    {
        lock (Gate)
        {
            if (installed)
                return;

            installed = true;

            // The event belongs to the load context of TorchSharp: this assembly's if the application is a plug-in, else the default one.
            var context = AssemblyLoadContext.GetLoadContext(typeof(TorchLibraryResolver).Assembly) ?? AssemblyLoadContext.Default;
            context.ResolvingUnmanagedDll += Resolve;
            if (context != AssemblyLoadContext.Default)
                AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
        }

        _ = Try(() =>
        {
            ChosenLibTorch.Preload();
            return 0;
        });
    }

    private static nint Resolve(Assembly assembly, string name)
    {
        if (assembly.GetName().Name != "TorchSharp")
            return 0;

        return name switch
        {
            "torch_cpu" or "torch_cuda" => Try(() => ChosenLibTorch.Load(name)),
            NativeFiles.TorchSharpLibrary => Try(() => redirected != 0 ? redirected : redirected = LoadRedirected()),
            _ => 0,
        };
    }

    private static nint Try(Func<nint> load)
    {
        lock (Gate)
        {
            try
            {
                Failure = null;
                return load();
            }
            catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException)
            {
                // TorchSharp continues with its own search and error message; the diagnosis uses this exception.
                Failure = error;
                return 0;
            }
        }
    }

    private static nint LoadRedirected()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != ProcessorArchitecture.X64 || NativeFiles.Find(NativeFiles.TorchSharpLibrary) is not { } path)
            return 0;

        var image = File.ReadAllBytes(path);
        if (!ElfSymbolVersion.Replace(image, StandardLibrary, TooNew, Substitute))
            return 0;

        // The copy has no folder of its own, so its dependencies must be loaded before it.
        if (ChosenLibTorch.Load("torch") == 0 && NativeFiles.Find("torch") is { } torch)
            NativeLibrary.Load(torch);

        return NativeLibrary.Load(MemoryFile.Create(NativeFiles.TorchSharpLibrary, image));
    }
}
