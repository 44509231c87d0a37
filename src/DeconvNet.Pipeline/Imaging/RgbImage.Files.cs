using SkiaSharp;

namespace DeconvNet.Imaging;

public sealed partial class RgbImage
{
    /// <summary>Largest photo that is decoded, in pixels: 2²⁷, so that a few hostile bytes cannot ask for gigabytes.</summary>
    public const long MaxPixels = 1L << 27;

    /// <summary>
    /// Reads a photo (JPEG, PNG, WebP, BMP, GIF's first frame, …) as 8-bit sRGB, whatever its color type.
    /// An EXIF orientation is applied; transparency is blended over white; an embedded color profile is converted.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is empty, truncated, corrupt, too large or no image; the message names it.</exception>
    public static RgbImage Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Decode(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads a photo from the rest of a stream; see <see cref="Load"/>.</summary>
    /// <param name="stream">Read to its end, not disposed.</param>
    /// <param name="name">What error messages call it.</param>
    /// <exception cref="InvalidDataException">The stream is empty, truncated, corrupt, too large or no image.</exception>
    public static RgbImage Decode(Stream stream, string name = "stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return Decode(memory.GetBuffer().AsSpan(0, (int)memory.Length), name);
    }

    /// <summary>Reads a photo from the bytes of a file; see <see cref="Load"/>.</summary>
    /// <param name="bytes">The encoded image.</param>
    /// <param name="name">What error messages call it.</param>
    /// <exception cref="InvalidDataException">The bytes are empty, truncated, corrupt, too many or no image.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> bytes, string name = "bytes") => PhotoDecoder.Decode(bytes, name);

    /// <summary>Copies a bitmap of any color type; transparency is blended over white.</summary>
    /// <exception cref="ArgumentException">The bitmap is empty or cannot be read.</exception>
    public static RgbImage FromBitmap(SKBitmap bitmap)
    {
        ArgumentNullException.ThrowIfNull(bitmap);
        using var pixmap = bitmap.PeekPixels();
        if (pixmap is null || bitmap.Width < 1 || bitmap.Height < 1)
            throw new ArgumentException("The bitmap has no pixels.", nameof(bitmap));

        using var rgba = new SKBitmap(PhotoDecoder.Rgba(bitmap.Width, bitmap.Height));
        return pixmap.ReadPixels(rgba.Info, rgba.GetPixels(), rgba.RowBytes)
            ? PhotoDecoder.OverWhite(rgba, SKEncodedOrigin.TopLeft)
            : throw new ArgumentException($"A bitmap of color type {bitmap.ColorType} cannot be read.", nameof(bitmap));
    }

    /// <summary>A copy as an opaque sRGB bitmap, which the caller disposes.</summary>
    public SKBitmap ToBitmap()
    {
        var bitmap = new SKBitmap(PhotoDecoder.Rgba(Width, Height).WithAlphaType(SKAlphaType.Opaque));
        var rgba = bitmap.GetPixelSpan();
        for (int source = 0, target = 0; source < pixels.Length; source += 3, target += 4)
        {
            rgba[target] = pixels[source];
            rgba[target + 1] = pixels[source + 1];
            rgba[target + 2] = pixels[source + 2];
            rgba[target + 3] = 255;
        }

        return bitmap;
    }

    /// <summary>Writes an 8-bit RGB PNG; an existing file is replaced as a whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path) => AtomicFile.Write(path, stream =>
    {
        using var bitmap = ToBitmap();
        if (!bitmap.Encode(stream, SKEncodedImageFormat.Png, 100))
            throw new IOException($"'{path}': a PNG of {Width}×{Height} could not be written.");
    });
}
