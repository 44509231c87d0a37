namespace DeconvNet.Imaging;

/// <summary>
/// A class id for each pixel, row-major: 0 is background, <see cref="Void"/> is unlabeled and ignored.
/// Immutable by convention and thread-safe.
/// </summary>
public sealed partial class LabelMap
{
    /// <summary>The id of pixels that training and evaluation ignore: 255, as in PASCAL VOC.</summary>
    public const byte Void = 255;

    private readonly byte[] pixels;

    /// <summary>Wraps <paramref name="pixels"/>; the array is not copied.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="pixels">Row-major class ids, <c>width · height</c> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    /// <exception cref="ArgumentException">The array has the wrong length.</exception>
    public LabelMap(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.LongLength != (long)width * height)
            throw new ArgumentException($"A label map of {width}×{height} needs {(long)width * height} bytes, not {pixels.LongLength}.", nameof(pixels));

        Width = width;
        Height = height;
        this.pixels = pixels;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Width and height.</summary>
    public ImageSize Size => new(Width, Height);

    /// <summary>Row-major class ids, <c>Width · Height</c>.</summary>
    public ReadOnlySpan<byte> Pixels => pixels;

    /// <summary>The class id at column <paramref name="x"/>, row <paramref name="y"/>.</summary>
    public byte this[int x, int y] => pixels[checked((y * Width) + x)];
}
