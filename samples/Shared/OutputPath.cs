namespace Samples;

/// <summary>Checks before the work whether its results can be written.</summary>
internal static class OutputPath
{
    /// <summary>Rejects a file that cannot be written.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder of <paramref name="path"/> does not exist.</exception>
    /// <exception cref="IOException">The path is a folder, or nothing can be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder does not permit it.</exception>
    public static void RequireWritable(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full) || Path.EndsInDirectorySeparator(path))
            throw new IOException($"'{path}' cannot be written: it is a folder. Expected the name of a file.");
        var folder = Path.GetDirectoryName(full)!;
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder {folder} to write {Path.GetFileName(path)} to.");

        // A device is written to directly; any other file is replaced by a temporary one, so the folder must permit new files.
        if (folder == "/dev" && File.Exists(full))
            return;
        Probe(folder, path);
    }

    /// <summary>Creates a folder if it does not exist, and rejects one in which files cannot be written.</summary>
    /// <exception cref="IOException">The path is a file, or the folder cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not permit new files.</exception>
    public static void RequireWritableFolder(string folder)
    {
        if (File.Exists(folder))
            throw new IOException($"'{folder}' is a file. Expected a folder to write to.");
        Directory.CreateDirectory(folder);
        Probe(folder, folder);
    }

    private static void Probe(string folder, string path)
    {
        try
        {
            using var file = new FileStream(Path.Combine(folder, $".{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new UnauthorizedAccessException($"'{path}' cannot be written: access to {folder} is denied.", error);
        }
        catch (IOException error)
        {
            throw new IOException($"'{path}' cannot be written: {error.Message}", error);
        }
    }
}
