namespace DeconvNet;

/// <summary>
/// Writes files atomically: a reader sees either the old content or all of the new one, even after a power failure, since the content is flushed to disk before
/// the rename and the folder after it. Links are followed, the mode of an existing file is kept, and devices and pipes are written to directly.
/// </summary>
internal static class AtomicFile
{
    private const string Prefix = ".deconvnet-";
    private const string Extension = ".tmp";

    /// <summary>
    /// Writes to a temporary file in the same folder and renames it to <paramref name="path"/>, overwriting an existing file.
    /// If <paramref name="write"/> throws, nothing is left behind.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written; the message names <paramref name="path"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the folder is denied; the message names <paramref name="path"/>.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (UnixFile.IsSpecial(path))
        {
            using var device = Named(path, () => new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
            write(device);
            return;
        }

        var target = Target(path);
        var folder = Path.GetDirectoryName(target)!;
        var temporary = Path.Combine(folder, $"{Prefix}{Guid.NewGuid():N}{Extension}");
        using var stream = Named(path, () => new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None));
        try
        {
            write(stream);
            stream.Flush(flushToDisk: true);
            if (!OperatingSystem.IsWindows() && File.Exists(target))
                File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(target));
            stream.Dispose();
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception error)
        {
            Discard(stream, temporary);
            if (error is IOException && error.Message.Contains(temporary, StringComparison.Ordinal))
                throw new IOException($"'{path}' cannot be written: {error.Message.Replace($" : '{temporary}'", "", StringComparison.Ordinal)}", error);
            throw;
        }

        UnixFile.SyncFolder(folder);
    }

    /// <summary>Removes temporary files that killed writers left in a folder; files being written are locked and stay.</summary>
    public static void RemoveLeftovers(string folder)
    {
        foreach (var left in Directory.EnumerateFiles(folder, $"{Prefix}*{Extension}"))
        {
            try
            {
                using var file = new FileStream(left, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                if (!OperatingSystem.IsWindows())
                    File.Delete(left);
            }
            catch (IOException)
            {
                continue;
            }

            File.Delete(left);
        }
    }

    private static void Discard(FileStream stream, string temporary)
    {
        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
            // On a full disk, the rest of the buffer cannot be written either.
        }

        File.Delete(temporary);
    }

    /// <summary>The target of the path if it is a link, whether or not the target exists.</summary>
    private static string Target(string path)
    {
        var file = new FileInfo(path);
        if (Directory.Exists(path))
            throw new IOException($"'{path}' cannot be written: it is a folder. Expected the name of a file.");
        return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    /// <summary>Errors name the user's file, not the temporary one.</summary>
    private static FileStream Named(string path, Func<FileStream> open)
    {
        try
        {
            return open();
        }
        catch (DirectoryNotFoundException error)
        {
            throw new DirectoryNotFoundException($"'{path}' cannot be written: its folder does not exist.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new UnauthorizedAccessException($"'{path}' cannot be written: access is denied.", error);
        }
        catch (IOException error)
        {
            throw new IOException($"'{path}' cannot be written: {error.Message}", error);
        }
    }
}
