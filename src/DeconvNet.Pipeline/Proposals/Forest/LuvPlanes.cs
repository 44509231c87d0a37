using DeconvNet.Imaging;
using DeconvNet.Imaging.Resampling;
using DeconvNet.Proposals.Edges;

namespace DeconvNet.Proposals.Forest;

/// <summary>The color space of the structured forest's features: CIE LUV, scaled to about 0 … 1.</summary>
internal static class LuvPlanes
{
    private const float Scale = 1 / 270f;
    private const float WhiteU = 0.197833f;
    private const float WhiteV = 0.468331f;
    private const int Steps = 1024;
    private static readonly float[] Lightness = MakeLightness();

    /// <summary>Converts an image, padded by reflecting <paramref name="padding"/> pixels and repeating the outermost one.</summary>
    public static FloatPlanes Of(RgbImage image, int padding)
    {
        var planes = new FloatPlanes(image.Width + (2 * padding), image.Height + (2 * padding), 3);
        Parallel.For(0, planes.Height, y =>
        {
            var row = Border.Reflect(y - padding, image.Height) * image.Width;
            var pixels = image.Pixels;
            for (var x = 0; x < planes.Width; x++)
            {
                var pixel = pixels.Slice(3 * (row + Border.Reflect(x - padding, image.Width)), 3);
                var i = (y * planes.Width) + x;
                (planes.Planes[0][i], planes.Planes[1][i], planes.Planes[2][i]) = Convert(pixel[0] / 255f, pixel[1] / 255f, pixel[2] / 255f);
            }
        });
        return planes;
    }

    private static (float L, float U, float V) Convert(float r, float g, float b)
    {
        var x = (0.430574f * r) + (0.341550f * g) + (0.178325f * b);
        var y = (0.222015f * r) + (0.706655f * g) + (0.071330f * b);
        var z = (0.020183f * r) + (0.129553f * g) + (0.939180f * b);
        var l = Lightness[Math.Min(Steps - 1, (int)(Steps * y))];
        var sum = 1 / (x + (15 * y) + (3 * z) + 1e-35f);
        return (
            l,
            (l * ((52 * x * sum) - (13 * WhiteU))) + (88 * Scale),
            (l * ((117 * y * sum) - (13 * WhiteV))) + (134 * Scale));
    }

    private static float[] MakeLightness()
    {
        const double linear = 29.0 * 29 * 29 / 27;
        var table = new float[Steps];
        for (var i = 0; i < Steps; i++)
        {
            var y = (double)i / Steps;
            table[i] = (float)((y > 8 / linear ? (116 * Math.Cbrt(y)) - 16 : linear * y) / 270);
        }

        return table;
    }
}
