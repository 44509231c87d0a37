using SkiaSharp;

namespace DeconvNet.Imaging;

/// <summary>Encoded bytes to an <see cref="RgbImage"/>, through Skia's codec so that its verdict on the data is heard.</summary>
internal static class PhotoDecoder
{
    /// <summary>
    /// Premultiplied on purpose: blending over white is then <c>value + 255 − alpha</c>, with a single rounding.
    /// </summary>
    public static SKImageInfo Rgba(int width, int height) =>
        new(width, height, SKColorType.Rgba8888, SKAlphaType.Premul, SKColorSpace.CreateSrgb());

    public static RgbImage Decode(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.IsEmpty)
            throw new InvalidDataException($"'{name}' is empty, not an image.");

        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data)
            ?? throw new InvalidDataException($"'{name}' is not an image, or its header is corrupt or of an unknown format.");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height is < 1 or > RgbImage.MaxPixels)
            throw new InvalidDataException($"'{name}' says that it has {width}×{height} pixels; at most {RgbImage.MaxPixels} are read.");

        if (EncodedImageEnd.IsMissing(bytes, codec.EncodedFormat))
            throw Truncated(name);

        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(Rgba(width, height)))
            throw new InvalidDataException($"'{name}': no memory for {width}×{height} pixels.");

        return codec.GetPixels(bitmap.Info, bitmap.GetPixels()) switch
        {
            SKCodecResult.Success => OverWhite(bitmap, codec.EncodedOrigin),
            SKCodecResult.IncompleteInput => throw Truncated(name),
            var result => throw new InvalidDataException($"'{name}' is corrupt or of an unknown kind: its pixels cannot be decoded ({result})."),
        };
    }

    /// <summary>Drops alpha over white and turns the pixels as the camera was held.</summary>
    public static RgbImage OverWhite(SKBitmap bitmap, SKEncodedOrigin origin)
    {
        var (width, height) = (bitmap.Width, bitmap.Height);
        var turned = origin >= SKEncodedOrigin.LeftTop;
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

    private static InvalidDataException Truncated(string name) =>
        new($"'{name}' is truncated: the image data end before the image is complete.");
}
