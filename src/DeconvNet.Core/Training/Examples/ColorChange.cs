using DeconvNet.Imaging;

namespace DeconvNet.Training.Examples;

/// <summary>Color jitter: brightness, then contrast, saturation and hue. Gray follows Rec. 601: 0.299 R + 0.587 G + 0.114 B.</summary>
internal static class ColorChange
{
    /// <param name="image">The photo.</param>
    /// <param name="brightness">Factor on all values.</param>
    /// <param name="contrast">Factor on the distance from the mean gray.</param>
    /// <param name="saturation">Factor on the distance from the pixel's gray.</param>
    /// <param name="hue">Rotation of the hue, as a fraction of the color circle.</param>
    public static RgbImage Apply(RgbImage image, double brightness, double contrast, double saturation, double hue)
    {
        var source = image.Pixels;
        var target = new byte[source.Length];
        var mean = 0.0;
        for (var i = 0; i < source.Length; i += 3)
            mean += Gray(Limit(source[i] * brightness), Limit(source[i + 1] * brightness), Limit(source[i + 2] * brightness));
        mean /= source.Length / 3;

        for (var i = 0; i < source.Length; i += 3)
        {
            var (r, g, b) = (Changed(source[i]), Changed(source[i + 1]), Changed(source[i + 2]));
            var gray = Gray(r, g, b);
            (r, g, b) = (Limit(gray + (saturation * (r - gray))), Limit(gray + (saturation * (g - gray))), Limit(gray + (saturation * (b - gray))));
            if (hue != 0)
                (r, g, b) = TurnHue(r, g, b, hue);
            (target[i], target[i + 1], target[i + 2]) = ((byte)Math.Round(r), (byte)Math.Round(g), (byte)Math.Round(b));
        }

        return new RgbImage(image.Width, image.Height, target);

        double Changed(byte value) => Limit(mean + (contrast * (Limit(value * brightness) - mean)));
    }

    private static double Limit(double value) => Math.Clamp(value, 0, 255);

    private static double Gray(double r, double g, double b) => (0.299 * r) + (0.587 * g) + (0.114 * b);

    /// <summary>Rotates the hue in HSV, keeping value and saturation.</summary>
    private static (double R, double G, double B) TurnHue(double r, double g, double b, double turn)
    {
        var max = Math.Max(r, Math.Max(g, b));
        var chroma = max - Math.Min(r, Math.Min(g, b));
        if (chroma == 0)
            return (r, g, b);
        var sector = max == r ? (g - b) / chroma : max == g ? 2 + ((b - r) / chroma) : 4 + ((r - g) / chroma);
        sector += 6 * turn;
        return (Channel(5), Channel(3), Channel(1));

        double Channel(int offset)
        {
            var k = (offset + sector + 12) % 6;
            return max - (chroma * Math.Clamp(Math.Min(k, 4 - k), 0, 1));
        }
    }
}
