using DeconvNet.Imaging.Png;
using SkiaSharp;

namespace DeconvNet.Imaging;

public sealed partial class RgbImage
{
    private const string Expected = "an image";

    /// <summary>The extensions by which the library finds photos in folders, in lower case with the dot; <see cref="Load"/> reads files of any name.</summary>
    public static IReadOnlyList<string> FileExtensions { get; } = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    /// <summary>
    /// Reads a photo (JPEG, PNG, WebP, BMP, GIF's first frame, …) as 8-bit sRGB, whatever its color type.
    /// The EXIF orientation is applied, transparency is blended over white, and an embedded color profile is converted.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">Memory limits for decoding; <see cref="ImageLimits.Default"/> if null.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is empty, truncated, corrupt, too large or not an image; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of range.</exception>
    public static RgbImage Load(string path, ImageLimits? limits = null)
    {
        using var stream = InputFile.Open(path, Expected);
        return Decode(stream, path, limits);
    }

    /// <summary>Asynchronous version of <see cref="Load"/>, with the same exceptions.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">Memory limits for decoding; <see cref="ImageLimits.Default"/> if null.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static async Task<RgbImage> LoadAsync(string path, ImageLimits? limits = null, CancellationToken cancellationToken = default)
    {
        using var stream = InputFile.Open(path, Expected);
        return await DecodeAsync(stream, path, limits, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a photo from the rest of a stream; see <see cref="Load"/>.</summary>
    /// <param name="stream">The stream; it is read to its end and left open.</param>
    /// <param name="name">Name in error messages.</param>
    /// <param name="limits">Memory limits for decoding; <see cref="ImageLimits.Default"/> if null.</param>
    /// <exception cref="InvalidDataException">The data is empty, truncated, corrupt, too large or not an image.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of range.</exception>
    public static RgbImage Decode(Stream stream, string name = "stream", ImageLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var valid = Valid(limits);
        return PhotoDecoder.Decode(InputFile.ReadAll(stream, name, valid.MaxBytes).Span, name, valid);
    }

    /// <summary>Reads a photo from the rest of a stream asynchronously; see <see cref="Load"/>.</summary>
    /// <param name="stream">The stream; it is read to its end and left open.</param>
    /// <param name="name">Name in error messages.</param>
    /// <param name="limits">Memory limits for decoding; <see cref="ImageLimits.Default"/> if null.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static async Task<RgbImage> DecodeAsync(
        Stream stream, string name = "stream", ImageLimits? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var valid = Valid(limits);
        var bytes = await InputFile.ReadAllAsync(stream, name, valid.MaxBytes, cancellationToken).ConfigureAwait(false);
        return PhotoDecoder.Decode(bytes.Span, name, valid);
    }

    /// <summary>Reads a photo from the bytes of a file; see <see cref="Load"/>.</summary>
    /// <param name="bytes">The encoded image.</param>
    /// <param name="name">Name in error messages.</param>
    /// <param name="limits">Memory limits for decoding; <see cref="ImageLimits.Default"/> if null.</param>
    /// <exception cref="InvalidDataException">The data is empty, truncated, corrupt, too large or not an image.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of range.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> bytes, string name = "bytes", ImageLimits? limits = null) =>
        PhotoDecoder.Decode(bytes, name, Valid(limits));

    /// <summary>Reads the size of a photo without decoding its pixels; its EXIF orientation is applied.</summary>
    /// <inheritdoc cref="Load"/>
    public static ImageSize ReadSize(string path, ImageLimits? limits = null)
    {
        var valid = Valid(limits);
        using var stream = InputFile.Open(path, Expected);
        return PhotoDecoder.ReadSize(InputFile.ReadAll(stream, path, valid.MaxBytes).Span, path, valid);
    }

    /// <summary>Reads the size of a photo without decoding its pixels, to reject uploads early; its EXIF orientation is applied.</summary>
    /// <param name="bytes">The encoded image.</param>
    /// <param name="name">Name in error messages.</param>
    /// <param name="limits">Memory limits for decoding; <see cref="ImageLimits.Default"/> if null.</param>
    /// <exception cref="InvalidDataException">The data is empty, too large, claims too many pixels or is not an image. Truncation is not detected.</exception>
    public static ImageSize ReadSize(ReadOnlySpan<byte> bytes, string name = "bytes", ImageLimits? limits = null) =>
        PhotoDecoder.ReadSize(bytes, name, Valid(limits));

    /// <summary>Copies a bitmap of any color type; transparency is blended over white.</summary>
    /// <param name="bitmap">The bitmap; it is not disposed.</param>
    /// <exception cref="ObjectDisposedException">The bitmap is disposed.</exception>
    /// <exception cref="ArgumentException">The bitmap is empty or cannot be read.</exception>
    public static RgbImage FromBitmap(SKBitmap bitmap)
    {
        ArgumentNullException.ThrowIfNull(bitmap);

        // Skia would dereference the null pointer and crash the process.
        ObjectDisposedException.ThrowIf(bitmap.Handle == 0, bitmap);
        using var pixmap = bitmap.PeekPixels();
        if (pixmap is null || bitmap.Width < 1 || bitmap.Height < 1)
            throw new ArgumentException("The bitmap has no pixels.", nameof(bitmap));

        using var rgba = new SKBitmap(PhotoDecoder.Rgba(bitmap.Width, bitmap.Height));
        return pixmap.ReadPixels(rgba.Info, rgba.GetPixels(), rgba.RowBytes)
            ? PhotoDecoder.OverWhite(rgba, SKEncodedOrigin.TopLeft)
            : throw new ArgumentException($"A bitmap of color type {bitmap.ColorType} cannot be read.", nameof(bitmap));
    }

    /// <summary>Copies to an opaque sRGB bitmap, which the caller disposes.</summary>
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

    /// <summary>Encodes the image as an 8-bit RGB PNG.</summary>
    public byte[] EncodePng()
    {
        using var bitmap = ToBitmap();
        return BitmapPng.Encode(bitmap);
    }

    /// <summary>Writes an 8-bit RGB PNG; an existing file is replaced atomically.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path)
    {
        var png = EncodePng();
        AtomicFile.Write(path, stream => stream.Write(png));
    }

    /// <summary>Writes an 8-bit RGB PNG to a stream.</summary>
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

    /// <summary>Writes an 8-bit RGB PNG to a stream, asynchronously.</summary>
    /// <param name="stream">The stream to write to; it is left open.</param>
    /// <param name="cancellationToken">Cancels writing.</param>
    public async Task SavePngAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        await stream.WriteAsync(EncodePng(), cancellationToken).ConfigureAwait(false);
    }

    private static ImageLimits Valid(ImageLimits? limits)
    {
        var chosen = limits ?? ImageLimits.Default;
        chosen.Validate();
        return chosen;
    }
}
