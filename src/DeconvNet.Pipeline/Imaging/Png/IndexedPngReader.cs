using System.Buffers.Binary;
using System.IO.Compression;

namespace DeconvNet.Imaging.Png;

/// <summary>Reads the stored values of a palette or gray PNG, which image libraries convert to colors.</summary>
internal static class IndexedPngReader
{
    /// <summary>The limit of Deflate; a header that claims more is wrong.</summary>
    private const int MaxExpansion = 1032;

    /// <summary>Reads width, height, and the value of each pixel, row by row.</summary>
    /// <param name="png">The file.</param>
    /// <param name="name">Name in error messages.</param>
    /// <param name="maxPixels">Maximum number of pixels.</param>
    /// <exception cref="InvalidDataException">The file is truncated, corrupt, too large, not a PNG, or holds colors.</exception>
    public static (int Width, int Height, byte[] Indices) Read(ReadOnlySpan<byte> png, string name, long maxPixels)
    {
        if (!png.StartsWith(PngChunk.Signature))
        {
            var kind = ForeignFile.Describe(png) is { } known ? $"it is {known}" : "it is of another format";
            throw new InvalidDataException($"'{name}' is not a PNG file: {kind}. Masks are palette or gray PNGs that hold class ids.");
        }

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

        var raw = header!.Passes.Sum(pass => (header.RowBytes(pass.Width) + 1L) * pass.Height);
        if (raw > (compressed.Length + 16) * MaxExpansion)
            throw new InvalidDataException($"'{name}' is corrupt: {compressed.Length} bytes cannot hold the {header.Width}×{header.Height} pixels that its header claims.");

        compressed.Position = 0;
        return (header.Width, header.Height, Inflate(compressed, header, name));
    }

    private static byte[] Inflate(MemoryStream compressed, PngHeader header, string name)
    {
        var labels = new byte[header.Width * header.Height];
        var (buffer, previous) = (new byte[1 + header.RowBytes(header.Width)], new byte[1 + header.RowBytes(header.Width)]);
        var spread = new byte[header.Width];
        using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
        foreach (var pass in header.Passes)
        {
            Array.Clear(previous);
            for (var y = 0; y < pass.Height; y++)
            {
                var row = buffer.AsSpan(0, 1 + header.RowBytes(pass.Width));
                var line = pass.Y + (y * pass.StepY);
                if (ReadUpTo(zlib, row, line, name) < row.Length)
                    throw new InvalidDataException($"'{name}' is truncated: its data end in row {line} of {header.Height}.");

                if (!PngFilter.Undo(row[0], row[1..], previous.AsSpan(1)))
                    throw new InvalidDataException($"'{name}' is corrupt: row {line} has filter {row[0]}; expected 0 to 4.");

                header.Unpack(row[1..], spread.AsSpan(0, pass.Width));
                pass.Place(spread, labels.AsSpan(line * header.Width, header.Width));
                (buffer, previous) = (previous, buffer);
            }
        }

        // The decompressor verifies its checksum only when reading past the last row.
        return ReadUpTo(zlib, buffer.AsSpan(0, 1), header.Height, name) == 0
            ? labels
            : throw new InvalidDataException($"'{name}' is corrupt: it holds more rows than the {header.Height} that its header claims.");
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
