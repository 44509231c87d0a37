namespace DeconvNet.Imaging.Resampling;

/// <summary>Border handling: maps an index outside a line to a pixel inside.</summary>
internal static class Border
{
    /// <summary>Repeats the outermost pixel.</summary>
    public static int Clamp(int index, int count) => Math.Clamp(index, 0, count - 1);

    /// <summary>Reflects, repeating the outermost pixel: −1 maps to 0.</summary>
    public static int Reflect(int index, int count)
    {
        var period = 2 * count;
        var folded = ((index % period) + period) % period;
        return folded < count ? folded : period - 1 - folded;
    }

    /// <summary>Reflects without repeating the outermost pixel: −1 maps to 1 (OpenCV's <c>BORDER_REFLECT_101</c>).</summary>
    public static int Reflect101(int index, int count)
    {
        if (count == 1)
            return 0;

        var period = 2 * (count - 1);
        var folded = ((index % period) + period) % period;
        return folded < count ? folded : period - folded;
    }
}
