using System.Numerics;

namespace DeconvNet.Imaging.Resampling;

/// <summary>
/// OpenCV's bilinear resizing of 8-bit RGB: 11-bit weights, along rows first.
/// The order of the shifts affects the result.
/// </summary>
internal static class FixedPointBilinear
{
    private const int One = 2048;

    public static void Resize(ReadOnlySpan<byte> source, int sourceWidth, int sourceHeight, Span<byte> target, int width, int height)
    {
        var stride = 3 * width;
        using var taps = new ScratchArray<int>(3 * width);
        using var rows = new ScratchArray<int>(2 * stride);
        ColumnTaps(sourceWidth, width, taps.Array);
        var (upper, lower) = (rows.Array.AsMemory(0, stride), rows.Array.AsMemory(stride, stride));
        var (upperRow, lowerRow) = (-1, -1);
        for (var y = 0; y < height; y++)
        {
            var (at, fraction) = Position(y, sourceHeight, height);
            var (first, second) = (Math.Clamp(at, 0, sourceHeight - 1), Math.Clamp(at + 1, 0, sourceHeight - 1));
            if (first == lowerRow)
            {
                (upper, lower) = (lower, upper);
                (upperRow, lowerRow) = (lowerRow, upperRow);
            }

            if (first != upperRow)
                Interpolate(source.Slice(first * 3 * sourceWidth, 3 * sourceWidth), taps.Span, upper.Span);

            if (second != lowerRow)
                Interpolate(source.Slice(second * 3 * sourceWidth, 3 * sourceWidth), taps.Span, lower.Span);

            (upperRow, lowerRow) = (first, second);
            Blend(upper.Span, lower.Span, Weight(1 - fraction), Weight(fraction), target.Slice(y * stride, stride));
        }
    }

    /// <summary>For exactly half the size in both directions, OpenCV averages 2×2 pixels instead.</summary>
    public static void Halve(ReadOnlySpan<byte> source, int width, int height, Span<byte> target)
    {
        var stride = 6 * width;
        for (int y = 0, to = 0; y < height; y++)
        {
            var upper = source.Slice(2 * y * stride, stride);
            var lower = source.Slice(((2 * y) + 1) * stride, stride);
            for (var x = 0; x < stride; x += 6)
            {
                for (var channel = x; channel < x + 3; channel++, to++)
                    target[to] = (byte)((upper[channel] + upper[channel + 3] + lower[channel] + lower[channel + 3] + 2) >> 2);
            }
        }
    }

    private static (int Index, float Fraction) Position(int index, int source, int target)
    {
        var at = (float)(((index + 0.5) * (1.0 / ((double)target / source))) - 0.5);
        var floor = (int)MathF.Floor(at);
        return (floor, at - floor);
    }

    private static int Weight(float share) => (int)MathF.Round(share * One);

    /// <summary>Three values per column: the byte offset of its left pixel, the weight of that pixel, the weight of its right neighbor.</summary>
    private static void ColumnTaps(int source, int target, Span<int> taps)
    {
        for (var x = 0; x < target; x++)
        {
            var (at, fraction) = Position(x, source, target);
            if (at < 0)
                (at, fraction) = (0, 0);

            if (at >= source - 1)
                (at, fraction) = (source - 1, 0);

            taps[3 * x] = 3 * at;
            taps[(3 * x) + 1] = Weight(1 - fraction);
            taps[(3 * x) + 2] = Weight(fraction);
        }
    }

    private static void Interpolate(ReadOnlySpan<byte> row, ReadOnlySpan<int> taps, Span<int> target)
    {
        for (var x = 0; x < target.Length; x += 3)
        {
            var left = row.Slice(taps[x], 3);
            var (weight0, weight1) = (taps[x + 1], taps[x + 2]);
            var right = weight1 == 0 ? left : row.Slice(taps[x] + 3, 3);
            target[x] = (left[0] * weight0) + (right[0] * weight1);
            target[x + 1] = (left[1] * weight0) + (right[1] * weight1);
            target[x + 2] = (left[2] * weight0) + (right[2] * weight1);
        }
    }

    private static void Blend(ReadOnlySpan<int> upper, ReadOnlySpan<int> lower, int weight0, int weight1, Span<byte> target)
    {
        var x = 0;
        var two = new Vector<int>(2);
        for (; x <= target.Length - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            var low = Vector.Narrow(Lanes(upper, lower, x, 0), Lanes(upper, lower, x, 1));
            var high = Vector.Narrow(Lanes(upper, lower, x, 2), Lanes(upper, lower, x, 3));
            Vector.AsVectorByte(Vector.Narrow(low, high)).CopyTo(target[x..]);
        }

        for (; x < target.Length; x++)
            target[x] = (byte)(((((upper[x] >> 4) * weight0) >> 16) + (((lower[x] >> 4) * weight1) >> 16) + 2) >> 2);

        Vector<int> Lanes(ReadOnlySpan<int> upper, ReadOnlySpan<int> lower, int x, int part)
        {
            var at = x + (part * Vector<int>.Count);
            var a = ((new Vector<int>(upper[at..]) >> 4) * weight0) >> 16;
            var b = ((new Vector<int>(lower[at..]) >> 4) * weight1) >> 16;
            return (a + b + two) >> 2;
        }
    }
}
