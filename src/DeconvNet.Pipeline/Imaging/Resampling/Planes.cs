using System.Buffers;

namespace DeconvNet.Imaging.Resampling;

/// <summary>Resizes float planes such as score maps. Pure functions, safe from many threads.</summary>
internal static class Planes
{
    /// <summary>
    /// Bilinear by the rule of MATLAB's <c>imresize(…, 'bilinear')</c>, with which the authors bring scores back to a proposal's size:
    /// pixel centers at half integers, the border mirrored, and, if <paramref name="antialias"/>, a wider kernel where it shrinks.
    /// </summary>
    /// <param name="src">Source planes <c>[C, sh, sw]</c>.</param>
    /// <param name="channels">Number of planes C, at least 1.</param>
    /// <param name="sh">Source height in pixels, at least 1.</param>
    /// <param name="sw">Source width in pixels, at least 1.</param>
    /// <param name="dst">Receives the planes <c>[C, dh, dw]</c>.</param>
    /// <param name="dh">New height in pixels, at least 1.</param>
    /// <param name="dw">New width in pixels, at least 1.</param>
    /// <param name="antialias">Whether shrinking averages over all source pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public static void ResizeBilinear(
        ReadOnlySpan<float> src, int channels, int sh, int sw, Span<float> dst, int dh, int dw, bool antialias)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sh, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sw, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dh, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dw, 1);
        if (src.Length != (Int128)channels * sh * sw)
            throw new ArgumentException($"{src.Length} values are not [{channels}, {sh}, {sw}].", nameof(src));

        if (dst.Length != (Int128)channels * dh * dw)
            throw new ArgumentException($"{dst.Length} values are not [{channels}, {dh}, {dw}].", nameof(dst));

        var columns = ResampleTaps.Create(sw, dw, antialias);
        var rows = ResampleTaps.Create(sh, dh, antialias);

        // The slower pass along rows runs where there are fewer of them.
        if (dh > sh)
            ColumnsFirst(src, sh, sw, dst, dh, dw, columns, rows);
        else
            RowsFirst(src, sh, sw, dst, dh, dw, columns, rows);
    }

    private static void ColumnsFirst(
        ReadOnlySpan<float> src, int sh, int sw, Span<float> dst, int dh, int dw, ResampleTaps columns, ResampleTaps rows)
    {
        var buffer = ArrayPool<float>.Shared.Rent(sh * dw);
        var wide = buffer.AsSpan(0, sh * dw);
        for (; !src.IsEmpty; src = src[(sh * sw)..], dst = dst[(dh * dw)..])
        {
            for (var y = 0; y < sh; y++)
                AlongRow(src.Slice(y * sw, sw), columns, wide.Slice(y * dw, dw));

            for (var y = 0; y < dh; y++)
                RowMath.WeightedSum(wide.Slice(rows.First[y] * dw, rows.Count * dw), rows.Weights.AsSpan(y * rows.Count, rows.Count), dst.Slice(y * dw, dw));
        }

        ArrayPool<float>.Shared.Return(buffer);
    }

    private static void RowsFirst(
        ReadOnlySpan<float> src, int sh, int sw, Span<float> dst, int dh, int dw, ResampleTaps columns, ResampleTaps rows)
    {
        var buffer = ArrayPool<float>.Shared.Rent(sw);
        var row = buffer.AsSpan(0, sw);
        for (; !src.IsEmpty; src = src[(sh * sw)..], dst = dst[(dh * dw)..])
        {
            for (var y = 0; y < dh; y++)
            {
                RowMath.WeightedSum(src.Slice(rows.First[y] * sw, rows.Count * sw), rows.Weights.AsSpan(y * rows.Count, rows.Count), row);
                AlongRow(row, columns, dst.Slice(y * dw, dw));
            }
        }

        ArrayPool<float>.Shared.Return(buffer);
    }

    private static void AlongRow(ReadOnlySpan<float> source, ResampleTaps taps, Span<float> target)
    {
        var first = taps.First.AsSpan(0, target.Length);
        ReadOnlySpan<float> weights = taps.Weights;
        if (taps.Count == 2)
        {
            for (var x = 0; x < target.Length; x++)
                target[x] = (weights[2 * x] * source[first[x]]) + (weights[(2 * x) + 1] * source[first[x] + 1]);

            return;
        }

        for (var x = 0; x < target.Length; x++)
        {
            var sum = 0f;
            var run = source.Slice(first[x], taps.Count);
            var weight = weights.Slice(x * taps.Count, taps.Count);
            for (var tap = 0; tap < run.Length; tap++)
                sum += weight[tap] * run[tap];

            target[x] = sum;
        }
    }
}
