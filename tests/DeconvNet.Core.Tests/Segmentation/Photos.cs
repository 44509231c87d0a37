using DeconvNet.Imaging;

namespace DeconvNet.Tests.Segmentation;

internal static class Photos
{
    /// <summary>A gray photo with one colored rectangle.</summary>
    public static RgbImage WithRectangle(int width, int height, PixelBox rectangle, byte red, byte green, byte blue)
    {
        var pixels = new byte[3 * width * height];
        Array.Fill(pixels, (byte)90);
        for (var y = rectangle.Y0; y < rectangle.Y1; y++)
        {
            for (var x = rectangle.X0; x < rectangle.X1; x++)
                ((ReadOnlySpan<byte>)[red, green, blue]).CopyTo(pixels.AsSpan(3 * ((y * width) + x)));
        }

        return new RgbImage(width, height, pixels);
    }

    public static RgbImage Noise(int width, int height, int seed)
    {
        var pixels = new byte[3 * width * height];
        new Random(seed).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }
}
