using System.IO.Compression;

namespace DeconvNet.Tests.Weights;

/// <summary>Zip archives made in memory.</summary>
internal static class ZipBytes
{
    public static byte[] Make(CompressionLevel level, params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    public static byte[] Stored(params (string Name, byte[] Content)[] entries) => Make(CompressionLevel.NoCompression, entries);

    /// <summary>The entries of an archive.</summary>
    public static (string Name, byte[] Content)[] Read(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes));
        return [.. zip.Entries.Select(entry =>
        {
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            return (entry.FullName, content.ToArray());
        })];
    }
}
