using DeconvNet.Imaging.Png;
using SkiaSharp;

namespace DeconvNet.Imaging;

/// <summary>
/// An 8-bit RGBA image as a plain array: row-major, four bytes per pixel in the order R, G, B, A, with straight alpha.
/// Immutable by convention and thread-safe.
/// </summary>
public sealed class RgbaImage
{
    private readonly byte[] pixels;

    /// <summary>Wraps <paramref name="pixels"/>; the array is not copied.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="pixels">Row-major RGBA, <c>4 · width · height</c> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    /// <exception cref="ArgumentException">The array has the wrong length.</exception>
    public RgbaImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.LongLength != 4L * width * height)
            throw new ArgumentException($"An RGBA image of {width}×{height} needs {4L * width * height} bytes, not {pixels.LongLength}.", nameof(pixels));

        Size = new ImageSize(width, height);
        this.pixels = pixels;
    }

    /// <summary>Width and height.</summary>
    public ImageSize Size { get; }

    /// <summary>Width in pixels.</summary>
    public int Width => Size.Width;

    /// <summary>Height in pixels.</summary>
    public int Height => Size.Height;

    /// <summary>Row-major RGBA bytes, <c>4 · Width · Height</c>.</summary>
    public ReadOnlySpan<byte> Pixels => pixels;

    /// <summary>Copies to an sRGB bitmap, which the caller disposes.</summary>
    public SKBitmap ToBitmap()
    {
        var bitmap = new SKBitmap(PhotoDecoder.Rgba(Width, Height).WithAlphaType(SKAlphaType.Unpremul));
        pixels.CopyTo(bitmap.GetPixelSpan());
        return bitmap;
    }

    /// <summary>Encodes the image as an 8-bit RGBA PNG.</summary>
    public byte[] EncodePng()
    {
        using var bitmap = ToBitmap();
        return BitmapPng.Encode(bitmap);
    }

    /// <summary>Writes an 8-bit RGBA PNG; an existing file is replaced atomically.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path)
    {
        var png = EncodePng();
        AtomicFile.Write(path, stream => stream.Write(png));
    }

    /// <summary>Writes an 8-bit RGBA PNG to a stream.</summary>
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

    /// <summary>Writes an 8-bit RGBA PNG to a stream, asynchronously.</summary>
    /// <param name="stream">The stream to write to; it is left open.</param>
    /// <param name="cancellationToken">Cancels writing.</param>
    public Task SavePngAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.WriteAsync(EncodePng(), cancellationToken).AsTask();
    }
}
