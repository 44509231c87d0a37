using System.Runtime.InteropServices;

namespace DeconvNet.Runtime;

/// <summary>A libtorch chosen by the user, for instance that of a Python installation, instead of a backend package.</summary>
internal static class ChosenLibTorch
{
    /// <summary>The environment variable with the folder.</summary>
    public const string Variable = "DECONVNET_LIBTORCH";

    /// <summary>The folder; <see langword="null"/> if none was chosen.</summary>
    public static string? Folder { get; private set; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? Normalize(folder) : null;

    /// <summary>The folder of another libtorch in the application, which TorchSharp would load before the chosen one.</summary>
    public static string? Rival =>
        Folder is not null && Path.GetDirectoryName(NativeFiles.Find(NativeFiles.TorchLibrary)) is { } own && own != Folder ? own : null;

    /// <summary>Chooses the libtorch in <paramref name="folder"/>.</summary>
    public static void Choose(string folder) => Folder = Normalize(folder);

    /// <summary>
    /// Loads the chosen libtorch in advance: a library that is already in the process is found by its bare name
    /// before an installed one.
    /// </summary>
    public static void Preload()
    {
        // Two libtorches in one process break each other; the diagnosis reports them.
        if (Folder is not null && Rival is null)
            Load(NativeFiles.TorchLibrary);
    }

    /// <summary>Normalizes the path of a folder, as in <see cref="Folder"/>.</summary>
    public static string Normalize(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>Loads a library of libtorch from the folder.</summary>
    /// <returns>0 if no folder is chosen, or it does not contain the library.</returns>
    /// <exception cref="DllNotFoundException">The library exists but cannot be loaded.</exception>
    public static nint Load(string library)
    {
        if (Folder is null || !File.Exists(FilePath(library)))
            return 0;

        var handle = NativeLibrary.Load(FilePath(library));
        if (library == NativeFiles.TorchLibrary)
            Load("torch");
        return handle;
    }

    private static string FilePath(string library) => Path.Combine(Folder!, NativeFiles.FileName(library));
}
