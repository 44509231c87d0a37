using DeconvNet.Imaging.Png;
using SkiaSharp;

namespace DeconvNet.Imaging;

/// <summary>Decodes image files to an <see cref="RgbImage"/> with Skia's codec, which reports what is wrong with the data.</summary>
internal static unsafe class PhotoDecoder
{
    /// <summary>Offset of the bit depth in a PNG's first chunk.</summary>
    private const int PngDepthAt = 24;

    private const string Readable = "JPEG, PNG, WebP, GIF, BMP, ICO and WBMP";

    /// <summary>
    /// Premultiplied on purpose: blending over white is then <c>value + 255 − alpha</c>, with a single rounding.
    /// </summary>
    public static SKImageInfo Rgba(int width, int height) =>
        new(width, height, SKColorType.Rgba8888, SKAlphaType.Premul, SKColorSpace.CreateSrgb());

    public static RgbImage Decode(ReadOnlySpan<byte> bytes, string name, ImageLimits limits)
    {
        fixed (byte* start = bytes)
        {
            using var codec = Open(bytes, start, name, limits);
            using var bitmap = Pixels(bytes, codec, Rgba(codec.Info.Width, codec.Info.Height), name);
            return OverWhite(bitmap, Origin(bytes, codec));
        }
    }

    /// <summary>
    /// The colors exactly as stored, upright, for masks: no color profile is applied, and 16-bit samples and transparent pixels are rejected, since their meaning is ambiguous.
    /// </summary>
    public static RgbImage DecodeStored(ReadOnlySpan<byte> bytes, string name, ImageLimits limits)
    {
        if (bytes.Length > PngDepthAt && bytes.StartsWith(PngChunk.Signature) && bytes[PngDepthAt] == 16)
            throw new InvalidDataException($"'{name}' is a PNG with 16 bits per sample; masks have 8. Save it with 8.");

        fixed (byte* start = bytes)
        {
            using var codec = Open(bytes, start, name, limits);

            // Without a color space, the codec does not convert colors.
            using var bitmap = Pixels(bytes, codec, new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul), name);
            RequireOpaque(bitmap, name);
            return OverWhite(bitmap, Origin(bytes, codec));
        }
    }

    /// <summary>The size from the header, with the EXIF orientation applied.</summary>
    public static ImageSize ReadSize(ReadOnlySpan<byte> bytes, string name, ImageLimits limits)
    {
        fixed (byte* start = bytes)
        {
            using var codec = Open(bytes, start, name, limits);
            var (width, height) = (codec.Info.Width, codec.Info.Height);
            return IsTurned(Origin(bytes, codec)) ? new ImageSize(height, width) : new ImageSize(width, height);
        }
    }

    /// <summary>Blends over white and applies the EXIF orientation.</summary>
    public static RgbImage OverWhite(SKBitmap bitmap, SKEncodedOrigin origin)
    {
        var (width, height) = (bitmap.Width, bitmap.Height);
        var turned = IsTurned(origin);
        var targetWidth = turned ? height : width;
        var (first, stepX, stepY) = origin switch
        {
            SKEncodedOrigin.TopRight => (width - 1, -1, targetWidth),
            SKEncodedOrigin.BottomRight => ((width * height) - 1, -1, -targetWidth),
            SKEncodedOrigin.BottomLeft => ((height - 1) * targetWidth, 1, -targetWidth),
            SKEncodedOrigin.LeftTop => (0, targetWidth, 1),
            SKEncodedOrigin.RightTop => (height - 1, targetWidth, -1),
            SKEncodedOrigin.RightBottom => ((width * height) - 1, -targetWidth, -1),
            SKEncodedOrigin.LeftBottom => ((width - 1) * targetWidth, -targetWidth, 1),
            _ => (0, 1, targetWidth),
        };

        var pixels = new byte[3 * width * height];
        var all = bitmap.GetPixelSpan();
        for (var y = 0; y < height; y++)
        {
            var row = all.Slice(y * bitmap.RowBytes, 4 * width);
            var target = 3 * (first + (y * stepY));
            for (var x = 0; x < row.Length; x += 4, target += 3 * stepX)
            {
                var white = 255 - row[x + 3];
                pixels[target] = (byte)Math.Min(255, row[x] + white);
                pixels[target + 1] = (byte)Math.Min(255, row[x + 1] + white);
                pixels[target + 2] = (byte)Math.Min(255, row[x + 2] + white);
            }
        }

        return new RgbImage(targetWidth, turned ? width : height, pixels);
    }

    /// <summary>Decodes all pixels to the given format; the caller disposes the bitmap.</summary>
    private static SKBitmap Pixels(ReadOnlySpan<byte> bytes, SKCodec codec, SKImageInfo format, string name)
    {
        if (EncodedImageEnd.IsMissing(bytes, codec.EncodedFormat))
            throw Truncated(name);

        var bitmap = new SKBitmap();
        try
        {
            if (!bitmap.TryAllocPixels(format))
                throw new InvalidDataException($"'{name}': there is not enough memory for {format.Width}×{format.Height} pixels.");
            return codec.GetPixels(bitmap.Info, bitmap.GetPixels()) switch
            {
                SKCodecResult.Success => bitmap,
                SKCodecResult.IncompleteInput => throw Truncated(name),
                var result => throw new InvalidDataException($"'{name}' is corrupt or of an unknown kind: its pixels cannot be decoded ({result})."),
            };
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    private static void RequireOpaque(SKBitmap bitmap, string name)
    {
        var pixels = bitmap.GetPixelSpan();
        for (var i = 3; i < pixels.Length; i += 4)
        {
            if (pixels[i] == byte.MaxValue)
                continue;
            var (x, y) = (i % bitmap.RowBytes / 4, i / bitmap.RowBytes);
            throw new InvalidDataException($"'{name}' is transparent at column {x}, row {y}; a mask says the class of every pixel. Save it without transparency.");
        }
    }

    private static SKCodec Open(ReadOnlySpan<byte> bytes, byte* start, string name, ImageLimits limits)
    {
        if (bytes.IsEmpty)
            throw new InvalidDataException($"'{name}' is empty, not an image.");

        // The codec keeps the data alive; the caller keeps the bytes pinned until it disposes the codec.
        using var data = SKData.Create((nint)start, bytes.Length);
        var codec = SKCodec.Create(data) ?? throw new InvalidDataException(
            ForeignFile.Describe(bytes) is { } kind
                ? $"'{name}' cannot be read: it is {kind}. {Readable} images are read."
                : $"'{name}' is not an image, or its header is corrupt or of an unknown format. {Readable} images are read.");
        try
        {
            limits.Require(codec.Info.Width, codec.Info.Height, bytes.Length, name);
            return codec;
        }
        catch
        {
            codec.Dispose();
            throw;
        }
    }

    // Skia reads the orientation of JPEG files, but not the EXIF chunks of PNG, nor all of WebP.
    private static SKEncodedOrigin Origin(ReadOnlySpan<byte> bytes, SKCodec codec) =>
        ExifOrientation.Find(bytes, codec.EncodedFormat) ?? codec.EncodedOrigin;

    private static bool IsTurned(SKEncodedOrigin origin) => origin >= SKEncodedOrigin.LeftTop;

    private static InvalidDataException Truncated(string name) =>
        new($"'{name}' is truncated: the image data end before the image is complete.");
}
