namespace DeconvNet;

/// <summary>Lets one process at a time work in a folder. The lock ends with the process, however it ends; the file that a killed one leaves does not lock.</summary>
internal sealed class FolderLock : IDisposable
{
    private const string Name = ".lock";

    private readonly string path;
    private readonly FileStream file;

    private FolderLock(string path, FileStream file) => (this.path, this.file) = (path, file);

    /// <summary>Locks a folder, which is made if it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="user">Who works there, for the message: "evaluation", "training".</param>
    /// <exception cref="IOException">Another user works there, in this process or in another one.</exception>
    public static FolderLock Take(string folder, string user)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Name);
        while (true)
        {
            var file = Open(path, folder, user);

            // Between opening and locking, the last owner may have deleted the file and a third one made it anew: then this handle locks nothing.
            // A time that nobody else chooses tells whether the path still leads to the handle.
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
