using DeconvNet.Imaging;

namespace SegmentWeb;

/// <summary>The values that the page shows under the pointer, as an image: red is the class id, green the probability of that class from 0 to 255.</summary>
internal static class ClassMap
{
    // No screen shows more, and the page keeps the image in memory at four bytes per pixel.
    private const int MaxSide = 1600;

    public static RgbImage Draw(StoredResult stored)
    {
        var labels = stored.Result.Labels;
        var scale = Math.Min(1, (double)MaxSide / Math.Max(labels.Width, labels.Height));
        var (width, height) = (Side(labels.Width, scale), Side(labels.Height, scale));
        var shown = scale < 1 ? labels.ResizeNearest(width, height) : labels;
        var probabilities = stored.Result.ComputeProbabilities();
        var pixels = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (at, id) = (3 * ((y * width) + x), shown[x, y]);
                var probability = probabilities.Plane(id)[(y * probabilities.Height / height * probabilities.Width) + (x * probabilities.Width / width)];
                (pixels[at], pixels[at + 1]) = (id, (byte)Math.Round(255 * probability));
            }
        }

        return new RgbImage(width, height, pixels);
    }

    private static int Side(int side, double scale) => Math.Max(1, (int)Math.Round(side * scale));
}
