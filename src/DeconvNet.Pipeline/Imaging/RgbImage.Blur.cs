using SkiaSharp;

namespace DeconvNet.Imaging;

public sealed partial class RgbImage
{
    /// <summary>The image blurred with a Gaussian; the border repeats the outermost pixels.</summary>
    /// <param name="radius">Standard deviation in pixels, above 0 and at most 1000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius is out of range.</exception>
    public RgbImage Blurred(double radius)
    {
        if (!(radius is > 0 and <= 1000))
            throw new ArgumentOutOfRangeException(nameof(radius), radius, "A radius is above 0 and at most 1000 pixels.");

        using var sharp = ToBitmap();
        using var blurred = new SKBitmap(sharp.Info);
        using var canvas = new SKCanvas(blurred);
        using var filter = SKImageFilter.CreateBlur((float)radius, (float)radius, SKShaderTileMode.Clamp);
        using var paint = new SKPaint { ImageFilter = filter };
        canvas.DrawBitmap(sharp, 0, 0, SKSamplingOptions.Default, paint);
        canvas.Flush();
        return FromBitmap(blurred);
    }
}
