namespace DeconvNet.Weights.Formats;

/// <summary>A file in a zip archive.</summary>
/// <param name="Name">Its name with folders.</param>
/// <param name="IsPacked">Whether it is deflated; else it is stored as it is.</param>
/// <param name="Length">Bytes after unpacking, as the archive claims.</param>
/// <param name="PackedLength">Bytes in the archive.</param>
/// <param name="HeaderStart">Place of its local header, from the start of the archive.</param>
/// <param name="DataStart">Place of its data, from the start of the archive.</param>
internal sealed record ZipEntry(string Name, bool IsPacked, long Length, long PackedLength, long HeaderStart, long DataStart)
{
    public long DataEnd => DataStart + PackedLength;
}
