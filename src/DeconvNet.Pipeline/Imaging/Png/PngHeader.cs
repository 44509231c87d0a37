using System.Buffers.Binary;

namespace DeconvNet.Imaging.Png;

/// <summary>Size and sample depth of a PNG that holds class ids.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="BitDepth">1, 2, 4 or 8 bits per pixel.</param>
/// <param name="IsInterlaced">Whether the pixels are stored in the seven passes of Adam7.</param>
internal sealed record PngHeader(int Width, int Height, int BitDepth, bool IsInterlaced)
{
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>The non-empty passes in which the pixels are stored.</summary>
    public IEnumerable<PngPass> Passes => IsInterlaced
        ? Adam7.Select(grid => PngPass.Of(grid.X, grid.Y, grid.StepX, grid.StepY, Width, Height)).Where(pass => pass is { Width: > 0, Height: > 0 })
        : [PngPass.Of(0, 0, 1, 1, Width, Height)];

    /// <summary>Size in bytes of a row of <paramref name="pixels"/> pixels, without the filter byte.</summary>
    public int RowBytes(int pixels) => (int)((((long)pixels * BitDepth) + 7) / 8);

    public static PngHeader Parse(ReadOnlySpan<byte> data, string name, long maxPixels)
    {
        if (data.Length != 13)
            throw new InvalidDataException($"'{name}' is corrupt: its header has {data.Length} bytes, expected 13.");

        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
        var (bits, colorType) = (data[8], data[9]);
        if (width == 0 || height == 0 || (ulong)width * height > (ulong)maxPixels)
            throw new InvalidDataException($"'{name}' claims {width}×{height} pixels; 1 to {maxPixels} are read.");

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
            throw new InvalidDataException($"'{name}' is corrupt: compression {data[10]}, filter {data[11]}, interlace {data[12]} do not exist in PNG.");

        return new PngHeader((int)width, (int)height, bits, IsInterlaced: data[12] == 1);
    }

    /// <summary>Unpacks a row to one byte per pixel.</summary>
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

/// <summary>One pass of an interlaced PNG: the pixels of a regular grid, row by row.</summary>
/// <param name="X">Column of the first pixel.</param>
/// <param name="Y">Row of the first pixel.</param>
/// <param name="StepX">Columns from one pixel to the next.</param>
/// <param name="StepY">Rows from one pixel to the next.</param>
/// <param name="Width">Pixels of a row of the grid, possibly 0.</param>
/// <param name="Height">Rows of the grid, possibly 0.</param>
internal readonly record struct PngPass(int X, int Y, int StepX, int StepY, int Width, int Height)
{
    public static PngPass Of(int x, int y, int stepX, int stepY, int width, int height) =>
        new(x, y, stepX, stepY, (width - x + stepX - 1) / stepX, (height - y + stepY - 1) / stepY);

    /// <summary>Copies a row of the grid to its pixels in a row of the image.</summary>
    public void Place(ReadOnlySpan<byte> pixels, Span<byte> row)
    {
        if (StepX == 1)
        {
            pixels[..Width].CopyTo(row[X..]);
            return;
        }

        for (var i = 0; i < Width; i++)
            row[X + (i * StepX)] = pixels[i];
    }
}
