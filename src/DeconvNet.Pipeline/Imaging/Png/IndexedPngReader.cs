using System.Buffers.Binary;
using System.IO.Compression;

namespace DeconvNet.Imaging.Png;

/// <summary>Reads the numbers of a palette or gray PNG, which image libraries turn into colors.</summary>
internal static class IndexedPngReader
{
    /// <summary>Deflate cannot do better, so a header that asks for more than this is false whatever follows.</summary>
    private const int MaxExpansion = 1032;

    /// <summary>Width, height, and a number for each pixel, row by row.</summary>
    /// <param name="png">The file.</param>
    /// <param name="name">What error messages call it.</param>
    /// <param name="maxPixels">A larger picture is refused.</param>
    /// <exception cref="InvalidDataException">It is truncated, corrupt, too large, no PNG, or holds colors.</exception>
    public static (int Width, int Height, byte[] Indices) Read(ReadOnlySpan<byte> png, string name, long maxPixels)
    {
        if (!png.StartsWith(PngChunk.Signature))
            throw new InvalidDataException($"'{name}' is not a PNG file; masks are 8-bit palette or gray PNGs that hold class ids.");

        PngHeader? header = null;
        using var compressed = new MemoryStream();
        for (var at = PngChunk.Signature.Length; ;)
        {
            var (type, data) = ReadChunk(png, at, name);
            at += PngChunk.Overhead + data.Length;
            if (header is null && !type.SequenceEqual("IHDR"u8))
                throw new InvalidDataException($"'{name}' is corrupt: its first chunk is not IHDR.");

            if (type.SequenceEqual("IHDR"u8))
                header = header is null ? PngHeader.Parse(data, name, maxPixels) : throw new InvalidDataException($"'{name}' is corrupt: it has two headers.");
            else if (type.SequenceEqual("IDAT"u8))
                compressed.Write(data);
            else if (type.SequenceEqual("IEND"u8))
                break;
            else if ((type[0] & 0x20) == 0 && !type.SequenceEqual("PLTE"u8))
                throw new InvalidDataException($"'{name}' has an unknown critical chunk at byte {at - PngChunk.Overhead - data.Length}.");
        }

        var raw = (header!.RowBytes + 1L) * header.Height;
        if (raw > (compressed.Length + 16) * MaxExpansion)
            throw new InvalidDataException($"'{name}' is corrupt: {compressed.Length} bytes cannot hold the {header.Width}×{header.Height} pixels that its header promises.");

        compressed.Position = 0;
        return Inflate(compressed, header, name);
    }

    private static (int Width, int Height, byte[] Indices) Inflate(MemoryStream compressed, PngHeader header, string name)
    {
        var labels = new byte[header.Width * header.Height];
        var (row, above) = (new byte[1 + header.RowBytes], new byte[1 + header.RowBytes]);
        using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
        for (var y = 0; y < header.Height; y++)
        {
            if (ReadUpTo(zlib, row, y, name) < row.Length)
                throw new InvalidDataException($"'{name}' is truncated: its data end in row {y} of {header.Height}.");

            if (!PngFilter.Undo(row[0], row.AsSpan(1), above.AsSpan(1)))
                throw new InvalidDataException($"'{name}' is corrupt: row {y} has filter {row[0]}, expected 0 to 4.");

            header.Unpack(row.AsSpan(1), labels.AsSpan(y * header.Width, header.Width));
            (row, above) = (above, row);
        }

        // Only a read beyond the last row makes the decompressor look at its check sum.
        return ReadUpTo(zlib, row, header.Height, name) == 0
            ? (header.Width, header.Height, labels)
            : throw new InvalidDataException($"'{name}' is corrupt: it holds more rows than the {header.Height} that its header promises.");
    }

    private static int ReadUpTo(ZLibStream zlib, Span<byte> row, int y, string name)
    {
        try
        {
            return zlib.ReadAtLeast(row, row.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new InvalidDataException($"'{name}' is corrupt: its data cannot be inflated in row {y}.", e);
        }
    }

    private static Chunk ReadChunk(ReadOnlySpan<byte> png, int at, string name)
    {
        var rest = png[at..];
        if (rest.Length < PngChunk.Overhead || BinaryPrimitives.ReadUInt32BigEndian(rest) > (uint)(rest.Length - PngChunk.Overhead))
            throw new InvalidDataException($"'{name}' is truncated: the chunk at byte {at} is not complete, or its length is corrupt.");

        var length = BinaryPrimitives.ReadInt32BigEndian(rest);
        return PngChunk.Crc(rest[4..(8 + length)]) == BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + length)..])
            ? new Chunk(rest[4..8], rest[8..(8 + length)])
            : throw new InvalidDataException($"'{name}' is corrupt: the check sum of the chunk at byte {at} is wrong.");
    }

    private readonly ref struct Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        private readonly ReadOnlySpan<byte> type = type;
        private readonly ReadOnlySpan<byte> data = data;

        public void Deconstruct(out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> data)
        {
            type = this.type;
            data = this.data;
        }
    }
}
