namespace DeconvNet;

/// <summary>Lets one process at a time use a folder. The lock is released when the process ends, even if it is killed; a leftover lock file does not lock.</summary>
internal sealed class FolderLock : IDisposable
{
    private const string Name = ".lock";

    private readonly string path;
    private readonly FileStream file;

    private FolderLock(string path, FileStream file) => (this.path, this.file) = (path, file);

    /// <summary>Locks a folder, creating it if necessary.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="user">What uses it, for the message: "evaluation", "training".</param>
    /// <exception cref="IOException">The folder is in use, by this or another process.</exception>
    public static FolderLock Take(string folder, string user)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Name);
        while (true)
        {
            var file = Open(path, folder, user);

            // Between opening and locking, the last owner may have deleted the file and a third one recreated it: then this handle locks nothing.
            // A unique timestamp shows whether the path still refers to the handle.
            var mark = DateTime.UnixEpoch.AddSeconds(Random.Shared.Next());
            File.SetLastWriteTimeUtc(file.SafeFileHandle, mark);
            if (File.GetLastWriteTimeUtc(path) == mark)
                return new FolderLock(path, file);
            file.Dispose();
        }
    }

    public void Dispose()
    {
        // Unix deletes an open file; deleting after closing could delete the lock of the next owner. Windows deletes when the handle is closed.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        file.Dispose();
    }

    private static FileStream Open(string path, string folder, string user)
    {
        try
        {
            return new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
        }
        catch (IOException error) when (error.GetType() == typeof(IOException) && File.Exists(path))
        {
            throw new IOException($"Another {user} works in {folder}: wait until it has ended, or use another folder.", error);
        }
    }
}
