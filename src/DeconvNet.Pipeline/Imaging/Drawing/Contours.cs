namespace DeconvNet.Imaging.Drawing;

/// <summary>Boundaries between classes as coverage, 0 … 1: the pixels on both sides of a boundary, dilated.</summary>
internal static class Contours
{
    /// <summary>Coverage of every pixel, row-major.</summary>
    /// <param name="labels">The classes.</param>
    /// <param name="reach">Pixels by which lines are dilated on each side.</param>
    /// <param name="soft">Whether edges are softened, which adds a faint pixel on each side.</param>
    public static float[] Coverage(LabelMap labels, int reach, bool soft)
    {
        var (width, height) = (labels.Width, labels.Height);
        var map = labels.Pixels;
        var lines = new float[map.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = (y * width) + x;
                if (x + 1 < width && map[at] != map[at + 1])
                    (lines[at], lines[at + 1]) = (1, 1);
                if (y + 1 < height && map[at] != map[at + width])
                    (lines[at], lines[at + width]) = (1, 1);
            }
        }

        var spare = new float[Math.Max(width, height)];
        for (var y = 0; y < height; y++)
            Spread(lines, y * width, 1, width, reach, soft, spare);

        for (var x = 0; x < width; x++)
            Spread(lines, x, width, height, reach, soft, spare);

        return lines;
    }

    /// <summary>Dilates the lines along one row or column by <paramref name="reach"/> pixels on each side, then optionally smooths them with a 1-2-1 filter.</summary>
    private static void Spread(float[] lines, int start, int step, int count, int reach, bool soft, float[] spare)
    {
        var sum = 0f;
        for (var i = 0; i < Math.Min(reach, count); i++)
            sum += lines[start + (i * step)];

        for (var i = 0; i < count; i++)
        {
            if (i + reach < count)
                sum += lines[start + ((i + reach) * step)];

            spare[i] = Math.Min(1, sum);
            if (i - reach >= 0)
                sum -= lines[start + ((i - reach) * step)];
        }

        for (var i = 0; i < count; i++)
        {
            var (before, after) = soft ? (spare[Math.Max(0, i - 1)], spare[Math.Min(count - 1, i + 1)]) : (spare[i], spare[i]);
            lines[start + (i * step)] = (before + (2 * spare[i]) + after) / 4;
        }
    }
}
