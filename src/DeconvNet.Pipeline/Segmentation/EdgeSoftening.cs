using DeconvNet.Imaging.Masks;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Segmentation;

/// <summary>Computes the alpha matte of a cut-out: 1 inside, 0 outside, soft in between.</summary>
internal static class EdgeSoftening
{
    // The probability of the classes relative to the best other class between which the edge fades.
    private const float Outside = 0.35f, Inside = 0.65f;

    public static float[] ByNeighbors(BinaryMask mask)
    {
        var opacity = new float[mask.Pixels.Length];
        for (var y = 0; y < mask.Height; y++)
        {
            for (var x = 0; x < mask.Width; x++)
            {
                var (inside, count) = (0, 0);
                for (var ny = Math.Max(y - 1, 0); ny <= Math.Min(y + 1, mask.Height - 1); ny++)
                {
                    for (var nx = Math.Max(x - 1, 0); nx <= Math.Min(x + 1, mask.Width - 1); nx++, count++)
                        inside += mask[nx, ny] ? 1 : 0;
                }

                opacity[(y * mask.Width) + x] = (float)inside / count;
            }
        }

        return opacity;
    }

    public static float[] ByProbabilities(BinaryMask mask, ScoreMap probabilities, bool[] isAsked)
    {
        var (asked, other) = (new float[mask.Pixels.Length], new float[mask.Pixels.Length]);
        for (var id = 0; id < probabilities.ClassCount; id++)
        {
            var plane = probabilities.PlaneAt(id, mask.Size);
            for (var i = 0; i < plane.Length; i++)
            {
                if (isAsked[id])
                    asked[i] += plane[i];
                else
                    other[i] = Math.Max(other[i], plane[i]);
            }
        }

        var near = Around(mask, Math.Max(1, Math.Min(mask.Width, mask.Height) / 100));
        for (var i = 0; i < asked.Length; i++)
        {
            var fade = near[i] && asked[i] > 0 ? Math.Clamp(((asked[i] / (asked[i] + other[i])) - Outside) / (Inside - Outside), 0, 1) : 0;
            // Decisions of a CRF or a threshold are kept.
            asked[i] = mask.Pixels[i] ? Math.Max(fade, 0.5f) : fade;
        }

        return asked;
    }

    /// <summary>Dilates a mask along rows and columns.</summary>
    private static bool[] Around(BinaryMask mask, int reach)
    {
        var (width, height) = (mask.Width, mask.Height);
        var (wide, both) = (new bool[width * height], new bool[width * height]);
        for (var y = 0; y < height; y++)
        {
            for (var (x, last) = (0, int.MinValue / 2); x < width + reach; x++)
            {
                last = x < width && mask[x, y] ? x : last;
                if (x >= reach && last >= x - (2 * reach))
                    wide[(y * width) + x - reach] = true;
            }
        }

        for (var x = 0; x < width; x++)
        {
            for (var (y, last) = (0, int.MinValue / 2); y < height + reach; y++)
            {
                last = y < height && wide[(y * width) + x] ? y : last;
                if (y >= reach && last >= y - (2 * reach))
                    both[((y - reach) * width) + x] = true;
            }
        }

        return both;
    }
}
