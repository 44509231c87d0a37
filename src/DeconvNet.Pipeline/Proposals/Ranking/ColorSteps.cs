using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Ranking;

/// <summary>Color differences between neighboring pixels of an image at half its size, in ascending order.</summary>
internal sealed class ColorSteps : IDisposable
{
    private const int Levels = 442;

    private readonly ScratchArray<Step> ascending;

    public ColorSteps(RgbImage image)
    {
        (Width, Height) = ((image.Width + 1) / 2, (image.Height + 1) / 2);
        using var halved = Halve(image);
        using var unsorted = new ScratchArray<Step>((2 * Width * Height) - Width - Height);
        var (colors, steps) = (halved.Array, unsorted.Array);
        var count = 0;
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var i = (y * Width) + x;
                if (x + 1 < Width)
                    steps[count++] = Between(colors, i, i + 1);
                if (y + 1 < Height)
                    steps[count++] = Between(colors, i, i + Width);
            }
        }

        ascending = Sort(unsorted.Span);
    }

    public int Width { get; }

    public int Height { get; }

    public ReadOnlySpan<Step> Ascending => ascending.Span;

    public void Dispose() => ascending.Dispose();

    private static Step Between(short[] colors, int from, int to)
    {
        var (a, b) = (3 * from, 3 * to);
        var (red, green, blue) = (colors[a] - colors[b], colors[a + 1] - colors[b + 1], colors[a + 2] - colors[b + 2]);
        return new Step(from, to, MathF.Sqrt((red * red) + (green * green) + (blue * blue)) / 4);
    }

    /// <summary>Sums of 2×2 pixels; the last row and column of an image with odd sides count twice.</summary>
    private ScratchArray<short> Halve(RgbImage image)
    {
        var scratch = new ScratchArray<short>(3 * Width * Height);
        var halved = scratch.Array;
        var pixels = image.Pixels;
        for (var y = 0; y < Height; y++)
        {
            var upper = 3 * image.Width * 2 * y;
            var lower = 3 * image.Width * Math.Min((2 * y) + 1, image.Height - 1);
            for (var x = 0; x < Width; x++)
            {
                var (left, right) = (3 * 2 * x, 3 * Math.Min((2 * x) + 1, image.Width - 1));
                for (var channel = 0; channel < 3; channel++)
                {
                    halved[(3 * ((y * Width) + x)) + channel] = (short)(pixels[upper + left + channel] + pixels[upper + right + channel]
                        + pixels[lower + left + channel] + pixels[lower + right + channel]);
                }
            }
        }

        return scratch;
    }

    /// <summary>Stable counting sort by integer gray levels.</summary>
    private static ScratchArray<Step> Sort(ReadOnlySpan<Step> steps)
    {
        var next = new int[Levels + 1];
        foreach (var step in steps)
            next[(int)step.Height + 1]++;
        for (var level = 1; level <= Levels; level++)
            next[level] += next[level - 1];

        var sorted = new ScratchArray<Step>(steps.Length);
        foreach (var step in steps)
            sorted.Array[next[(int)step.Height]++] = step;
        return sorted;
    }

    /// <summary>Two neighboring pixels and the distance of their colors in gray levels.</summary>
    internal readonly record struct Step(int From, int To, float Height);
}
