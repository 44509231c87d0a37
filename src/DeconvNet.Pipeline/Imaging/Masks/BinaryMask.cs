using DeconvNet.Imaging.Png;

namespace DeconvNet.Imaging.Masks;

/// <summary>A binary mask: whether each pixel is inside, row-major. Immutable by convention and thread-safe.</summary>
public sealed class BinaryMask
{
    private readonly bool[] pixels;

    /// <summary>Wraps <paramref name="pixels"/>; the array is not copied.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="pixels">Row-major, <c>width · height</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    /// <exception cref="ArgumentException">The array has the wrong length.</exception>
    public BinaryMask(int width, int height, bool[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.LongLength != (long)width * height)
            throw new ArgumentException($"A mask of {width}×{height} needs {(long)width * height} values, not {pixels.LongLength}.", nameof(pixels));

        Size = new ImageSize(width, height);
        this.pixels = pixels;
        (Box, Area) = Measure();
    }

    /// <summary>Width and height.</summary>
    public ImageSize Size { get; }

    /// <summary>Width in pixels.</summary>
    public int Width => Size.Width;

    /// <summary>Height in pixels.</summary>
    public int Height => Size.Height;

    /// <summary>Row-major, <c>Width · Height</c>.</summary>
    public ReadOnlySpan<bool> Pixels => pixels;

    /// <summary>Number of pixels inside.</summary>
    public long Area { get; }

    /// <summary>Bounding box of the pixels inside; empty if there are none.</summary>
    public PixelBox Box { get; }

    /// <summary>Whether the pixel at column <paramref name="x"/>, row <paramref name="y"/> is inside.</summary>
    public bool this[int x, int y] => pixels[checked((y * Width) + x)];

    /// <summary>The mask as bytes, row-major: 255 inside, 0 outside.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[pixels.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = pixels[i] ? byte.MaxValue : (byte)0;
        return bytes;
    }

    /// <summary>The outlines of the mask.</summary>
    /// <param name="tolerance">Maximum deviation of the simplified outline in pixels, at least 0; 0 keeps every corner.</param>
    /// <returns>One outline per connected region (8-connectivity), in the order of their first pixels.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative or NaN.</exception>
    public IReadOnlyList<MaskOutline> Outlines(double tolerance = 0)
    {
        if (!(tolerance is >= 0 and < double.PositiveInfinity))
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "A tolerance is a number of pixels, at least 0.");
        return OutlineTracing.Trace(this, tolerance);
    }

    /// <summary>Encodes the mask as an 8-bit PNG, white inside and black outside; the palette indices are 1 and 0.</summary>
    public byte[] EncodePng() => IndexedPngWriter.Encode(Width, Height, [.. pixels.Select(inside => inside ? (byte)1 : (byte)0)], [0, 0, 0, 255, 255, 255]);

    /// <summary>Writes the PNG of <see cref="EncodePng"/>; an existing one is replaced atomically.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path) => AtomicFile.Write(path, SavePng);

    /// <summary>Writes the PNG of <see cref="EncodePng"/> to a stream.</summary>
    /// <param name="stream">The stream to write to; it is left open.</param>
    public void SavePng(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(EncodePng());
    }

    /// <summary>Asynchronous version of <see cref="SavePng(string)"/>, with the same exceptions.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Cancels the work before the file is written.</param>
    public Task SavePngAsync(string path, CancellationToken cancellationToken = default) => Task.Run(() => SavePng(path), cancellationToken);

    /// <summary>Writes the PNG of <see cref="EncodePng"/> to a stream, asynchronously.</summary>
    /// <param name="stream">The stream to write to; it is left open.</param>
    /// <param name="cancellationToken">Cancels writing.</param>
    public Task SavePngAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.WriteAsync(EncodePng(), cancellationToken).AsTask();
    }

    private (PixelBox Box, long Area) Measure()
    {
        var (x0, y0, x1, y1, area) = (int.MaxValue, int.MaxValue, 0, 0, 0L);
        for (var y = 0; y < Height; y++)
        {
            var row = pixels.AsSpan(y * Width, Width);
            var first = row.IndexOf(true);
            if (first < 0)
                continue;
            (x0, x1) = (Math.Min(x0, first), Math.Max(x1, row.LastIndexOf(true) + 1));
            (y0, y1) = (Math.Min(y0, y), y + 1);
            area += row.Count(true);
        }

        return (area == 0 ? default : new PixelBox(x0, y0, x1, y1), area);
    }
}
