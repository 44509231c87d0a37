using System.Buffers.Binary;
using System.IO.Compression;

namespace DeconvNet.Imaging.Png;

/// <summary>Writes 8-bit palette PNGs.</summary>
internal static class IndexedPngWriter
{
    /// <summary>Encodes to memory.</summary>
    /// <inheritdoc cref="Write"/>
    public static byte[] Encode(int width, int height, ReadOnlySpan<byte> indices, ReadOnlySpan<byte> palette)
    {
        using var png = new MemoryStream();
        Write(png, width, height, indices, palette);
        return png.ToArray();
    }

    /// <param name="stream">The stream to write to.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="indices">A palette index for each pixel, row by row.</param>
    /// <param name="palette">Up to 256 colors, three bytes each in the order R, G, B.</param>
    public static void Write(Stream stream, int width, int height, ReadOnlySpan<byte> indices, ReadOnlySpan<byte> palette)
    {
        stream.Write(PngChunk.Signature);
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = 3;
        PngChunk.Write(stream, "IHDR"u8, header);
        PngChunk.Write(stream, "PLTE"u8, palette);

        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            // Rows are stored unfiltered: runs of equal labels compress best that way.
            var row = new byte[1 + width];
            for (var y = 0; y < height; y++)
            {
                indices.Slice(y * width, width).CopyTo(row.AsSpan(1));
                zlib.Write(row);
            }
        }

        PngChunk.Write(stream, "IDAT"u8, compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        PngChunk.Write(stream, "IEND"u8, []);
    }
}
