using System.Buffers.Binary;

namespace DeconvNet.Imaging.Png;

/// <summary>Size and sample depth of a PNG that holds class ids.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="BitDepth">1, 2, 4 or 8 bits a pixel.</param>
internal sealed record PngHeader(int Width, int Height, int BitDepth)
{
    /// <summary>Bytes of a row without its filter byte.</summary>
    public int RowBytes => (int)((((long)Width * BitDepth) + 7) / 8);

    public static PngHeader Parse(ReadOnlySpan<byte> data, string name, long maxPixels)
    {
        if (data.Length != 13)
            throw new InvalidDataException($"'{name}' is corrupt: its header has {data.Length} bytes, expected 13.");

        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
        var (bits, colorType) = (data[8], data[9]);
        if (width == 0 || height == 0 || (ulong)width * height > (ulong)maxPixels)
            throw new InvalidDataException($"'{name}' says that it has {width}×{height} pixels; 1 to {maxPixels} are read.");

        if (colorType is 2 or 4 or 6)
        {
            throw new InvalidDataException(
                $"'{name}' holds {(colorType == 4 ? "gray with transparency" : "colors (RGB)")}, not class ids. "
                + "Masks must be palette or gray PNGs whose stored numbers are the class ids, as in VOC's SegmentationClass; "
                + "a mask that was opened and saved by a picture editor often loses them.");
        }

        if (colorType is not (0 or 3) || bits is not (1 or 2 or 4 or 8))
            throw new InvalidDataException($"'{name}' has color type {colorType} with {bits} bits; masks are palette (3) or gray (0) with 1, 2, 4 or 8 bits.");

        if (data[10] != 0 || data[11] != 0 || data[12] > 1)
            throw new InvalidDataException($"'{name}' is corrupt: compression {data[10]}, filter {data[11]}, interlace {data[12]} are not PNG's.");

        return data[12] == 0
            ? new PngHeader((int)width, (int)height, bits)
            : throw new InvalidDataException($"'{name}' is interlaced; save the mask without interlacing.");
    }

    /// <summary>Spreads a row to one byte a pixel.</summary>
    public void Unpack(ReadOnlySpan<byte> row, Span<byte> labels)
    {
        if (BitDepth == 8)
        {
            row.CopyTo(labels);
            return;
        }

        var mask = (1 << BitDepth) - 1;
        for (var x = 0; x < labels.Length; x++)
        {
            var bit = x * BitDepth;
            labels[x] = (byte)((row[bit >> 3] >> (8 - BitDepth - (bit & 7))) & mask);
        }
    }
}
