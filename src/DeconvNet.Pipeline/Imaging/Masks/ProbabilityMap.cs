using DeconvNet.Imaging.Png;

namespace DeconvNet.Imaging.Masks;

/// <summary>A probability for each pixel of an image, row-major. Immutable by convention and thread-safe.</summary>
public sealed class ProbabilityMap
{
    private static readonly byte[] grays = [.. Enumerable.Range(0, 256).SelectMany(value => Enumerable.Repeat((byte)value, 3))];

    private readonly float[] values;

    /// <summary>Wraps <paramref name="values"/>; the array is not copied.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="values">Row-major, 0 … 1, <c>width · height</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    /// <exception cref="ArgumentException">The array has the wrong length.</exception>
    public ProbabilityMap(int width, int height, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(values);
        if (values.LongLength != (long)width * height)
            throw new ArgumentException($"Probabilities of {width}×{height} pixels are {(long)width * height} values, not {values.LongLength}.", nameof(values));

        Size = new ImageSize(width, height);
        this.values = values;
    }

    /// <summary>Width and height.</summary>
    public ImageSize Size { get; }

    /// <summary>Width in pixels.</summary>
    public int Width => Size.Width;

    /// <summary>Height in pixels.</summary>
    public int Height => Size.Height;

    /// <summary>Row-major, 0 … 1, <c>Width · Height</c>.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>The probability at column <paramref name="x"/>, row <paramref name="y"/>.</summary>
    public float this[int x, int y] => values[checked((y * Width) + x)];

    /// <summary>The pixels whose probability is at least the threshold.</summary>
    public BinaryMask AtLeast(double threshold)
    {
        var inside = new bool[values.Length];
        for (var i = 0; i < inside.Length; i++)
            inside[i] = values[i] >= threshold;
        return new BinaryMask(Width, Height, inside);
    }

    /// <summary>Encodes the map as an 8-bit gray PNG: 0 is black, 1 is white.</summary>
    public byte[] EncodePng()
    {
        var levels = new byte[values.Length];
        for (var i = 0; i < levels.Length; i++)
            levels[i] = (byte)Math.Round(255 * Math.Clamp(values[i], 0, 1));
        return IndexedPngWriter.Encode(Width, Height, levels, grays);
    }

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
}
