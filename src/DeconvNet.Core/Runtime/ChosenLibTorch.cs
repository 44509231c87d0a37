using System.Runtime.InteropServices;

namespace DeconvNet.Runtime;

/// <summary>A libtorch that the user names by its folder, for instance that of a Python install, in place of a backend package.</summary>
internal static class ChosenLibTorch
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "DECONVNET_LIBTORCH";

    /// <summary>The folder; <see langword="null"/> if the user has chosen none.</summary>
    public static string? Folder { get; private set; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? Normalize(folder) : null;

    /// <summary>The folder of a libtorch that the application brings along besides, which TorchSharp would load before the chosen one.</summary>
    public static string? Rival =>
        Folder is not null && Path.GetDirectoryName(NativeFiles.Find(NativeFiles.TorchLibrary)) is { } own && own != Folder ? own : null;

    /// <summary>Takes the libtorch in <paramref name="folder"/> from now on.</summary>
    public static void Choose(string folder) => Folder = Normalize(folder);

    /// <summary>
    /// Loads the chosen libtorch before anybody searches for one: what is in the process already is found by its bare name,
    /// before a libtorch that the system has installed.
    /// </summary>
    public static void Preload()
    {
        // Two libtorches in one process break each other; which is which, the diagnosis tells.
        if (Folder is not null && Rival is null)
            Load(NativeFiles.TorchLibrary);
    }

    /// <summary>A folder's path in the form in which <see cref="Folder"/> has it.</summary>
    public static string Normalize(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>Loads a part of libtorch from the folder, and with it what TorchSharp's part asks for by its bare name.</summary>
    /// <returns>0 if no folder is chosen, or it has no such part.</returns>
    /// <exception cref="DllNotFoundException">The part is there but does not load.</exception>
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
