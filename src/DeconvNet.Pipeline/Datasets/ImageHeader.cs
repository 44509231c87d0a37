using SkiaSharp;

namespace DeconvNet.Datasets;

/// <summary>What an image file's header tells, without decoding the pixels.</summary>
internal static class ImageHeader
{
    /// <summary>Width and height as shown, after the EXIF rotation.</summary>
    public static (int Width, int Height) ReadSize(string path)
    {
        using var codec = SKCodec.Create(path, out var result)
            ?? throw new InvalidDataException($"{path} is no image that can be read ({result}).");
        var turned = codec.EncodedOrigin >= SKEncodedOrigin.LeftTop;
        return turned ? (codec.Info.Height, codec.Info.Width) : (codec.Info.Width, codec.Info.Height);
    }
}
