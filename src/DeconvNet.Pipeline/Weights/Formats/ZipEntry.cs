namespace DeconvNet.Weights.Formats;

/// <summary>An entry of a zip archive.</summary>
/// <param name="Name">Full name, with folders.</param>
/// <param name="IsPacked">Whether it is compressed with Deflate; otherwise it is stored.</param>
/// <param name="Length">Decompressed size in bytes, as stated in the archive.</param>
/// <param name="PackedLength">Compressed size in bytes.</param>
/// <param name="HeaderStart">Position of the local header, from the start of the archive.</param>
/// <param name="DataStart">Position of the data, from the start of the archive.</param>
internal sealed record ZipEntry(string Name, bool IsPacked, long Length, long PackedLength, long HeaderStart, long DataStart)
{
    public long DataEnd => DataStart + PackedLength;
}
