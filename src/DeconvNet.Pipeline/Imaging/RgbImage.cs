namespace DeconvNet.Imaging;

/// <summary>
/// An 8-bit RGB photo as a plain array: row-major, three bytes per pixel in the order R, G, B.
/// Immutable by convention and thread-safe.
/// </summary>
public sealed partial class RgbImage
{
    private readonly byte[] pixels;

    /// <summary>Wraps <paramref name="pixels"/>; the array is not copied.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="pixels">Row-major RGB, <c>3 · width · height</c> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    /// <exception cref="ArgumentException">The array has the wrong length.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.LongLength != 3L * width * height)
            throw new ArgumentException($"An RGB image of {width}×{height} needs {3L * width * height} bytes, not {pixels.LongLength}.", nameof(pixels));

        Width = width;
        Height = height;
        this.pixels = pixels;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Row-major RGB bytes, <c>3 · Width · Height</c>.</summary>
    public ReadOnlySpan<byte> Pixels => pixels;

    /// <summary>Width and height.</summary>
    public ImageSize Size => new(Width, Height);

    /// <summary>The whole image as a box.</summary>
    public PixelBox Bounds => new(0, 0, Width, Height);
}
