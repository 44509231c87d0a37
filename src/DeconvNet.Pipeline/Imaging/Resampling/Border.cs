namespace DeconvNet.Imaging.Resampling;

/// <summary>Which pixel of a line stands for a position that may lie beyond its ends.</summary>
internal static class Border
{
    /// <summary>The nearest pixel stands for all beyond.</summary>
    public static int Clamp(int index, int count) => Math.Clamp(index, 0, count - 1);

    /// <summary>The line is mirrored at its ends: −1 is 0.</summary>
    public static int Reflect(int index, int count)
    {
        var period = 2 * count;
        var folded = ((index % period) + period) % period;
        return folded < count ? folded : period - 1 - folded;
    }

    /// <summary>The line is mirrored at the center of its outermost pixels: −1 is 1 (OpenCV's <c>BORDER_REFLECT_101</c>).</summary>
    public static int Reflect101(int index, int count)
    {
        if (count == 1)
            return 0;

        var period = 2 * (count - 1);
        var folded = ((index % period) + period) % period;
        return folded < count ? folded : period - folded;
    }
}
