namespace DeconvNet;

/// <summary>Writes files so that a reader sees the old content or the whole new one, never a half.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes to a temporary name in the same folder and renames it to <paramref name="path"/>, which is overwritten.
    /// When <paramref name="write"/> throws, nothing is left behind.
    /// </summary>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var target = Path.GetFullPath(path);
        var temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                write(stream);

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
