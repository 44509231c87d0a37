namespace DeconvNet.Imaging;

/// <summary>Copies a rectangle between images whose rows have different lengths.</summary>
internal static class PixelRows
{
    /// <param name="source">Begins with the rectangle's first value.</param>
    /// <param name="sourceStride">Values from one row of the source to the next.</param>
    /// <param name="target">Begins where the first value goes.</param>
    /// <param name="targetStride">Values from one row of the target to the next.</param>
    /// <param name="length">Values in a row of the rectangle.</param>
    /// <param name="rows">Rows of the rectangle.</param>
    public static void Copy<T>(ReadOnlySpan<T> source, int sourceStride, Span<T> target, int targetStride, int length, int rows)
    {
        for (var y = 0; y < rows; y++)
            source.Slice(y * sourceStride, length).CopyTo(target[(y * targetStride)..]);
    }
}
