namespace DeconvNet.Weights.Formats;

internal static class SeekableStream
{
    /// <summary>The stream itself, or, where it cannot seek (a download, a decompressor), its rest in a temporary file that disappears when it is closed.</summary>
    public static Stream From(Stream stream)
    {
        if (stream.CanSeek)
            return stream;

        var path = Path.Combine(Path.GetTempPath(), $"deconvnet-{Path.GetRandomFileName()}");
        var copy = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            stream.CopyTo(copy);
            copy.Position = 0;
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }
}
