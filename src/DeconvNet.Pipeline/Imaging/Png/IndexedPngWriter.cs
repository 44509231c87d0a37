using System.Buffers.Binary;
using System.IO.Compression;

namespace DeconvNet.Imaging.Png;

/// <summary>A <see cref="LabelMap"/> as an 8-bit palette PNG.</summary>
internal static class IndexedPngWriter
{
    public static void Write(LabelMap map, Stream stream)
    {
        stream.Write(PngChunk.Signature);
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, map.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], map.Height);
        header[8] = 8;
        header[9] = 3;
        PngChunk.Write(stream, "IHDR"u8, header);
        PngChunk.Write(stream, "PLTE"u8, VocPalette.Rgb);

        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            // Rows are stored unfiltered: labels are runs of equal bytes, which deflate finds best as they are.
            var row = new byte[1 + map.Width];
            for (var y = 0; y < map.Height; y++)
            {
                map.Labels.Slice(y * map.Width, map.Width).CopyTo(row.AsSpan(1));
                zlib.Write(row);
            }
        }

        PngChunk.Write(stream, "IDAT"u8, compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        PngChunk.Write(stream, "IEND"u8, []);
    }
}
