namespace DeconvNet.Imaging.Drawing;

/// <summary>The lines between classes as coverage, 0 … 1, with soft edges.</summary>
internal static class Contours
{
    /// <summary>Coverage of every pixel, row-major.</summary>
    /// <param name="labels">The classes.</param>
    /// <param name="reach">Pixels that a line reaches to each side of the border: 0 for the thinnest.</param>
    public static float[] Coverage(LabelMap labels, int reach)
    {
        var (width, height) = (labels.Width, labels.Height);
        var map = labels.Pixels;
        var lines = new float[map.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = (y * width) + x;
                if ((x + 1 < width && map[at] != map[at + 1]) || (y + 1 < height && map[at] != map[at + width]))
                    lines[at] = 1;
            }
        }

        var spare = new float[Math.Max(width, height)];
        for (var y = 0; y < height; y++)
            Spread(lines, y * width, 1, width, reach, spare);

        for (var x = 0; x < width; x++)
            Spread(lines, x, width, height, reach, spare);

        return lines;
    }

    /// <summary>Widens the lines along one row or column by <paramref name="reach"/> places to each side, then softens them by 1-2-1.</summary>
    private static void Spread(float[] lines, int start, int step, int count, int reach, float[] spare)
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
            var before = spare[Math.Max(0, i - 1)];
            var after = spare[Math.Min(count - 1, i + 1)];
            lines[start + (i * step)] = (before + (2 * spare[i]) + after) / 4;
        }
    }
}
