
namespace DeconvNet.Imaging.Resampling;

/// <summary>A plane of which only a window is stored; all pixels outside have the same value.</summary>
/// <param name="stored">The window's pixels, row by row.</param>
/// <param name="window">Position of the window.</param>
/// <param name="border">The value outside.</param>
/// <param name="width">Width of the whole plane.</param>
internal readonly ref struct BorderedPlane(ReadOnlySpan<float> stored, PlaneWindow window, float border, int width)
{
    private readonly ReadOnlySpan<float> stored = stored;

    public PlaneWindow Window { get; } = window;

    public float Border { get; } = border;

    public int Width { get; } = width;

    /// <summary>The stored part of a row; empty if the row is outside the window.</summary>
    public ReadOnlySpan<float> Stored(int y) =>
        (uint)(y - Window.Y) < (uint)Window.Height ? stored.Slice((y - Window.Y) * Window.Width, Window.Width) : [];

    /// <summary>A whole row; assembled in <paramref name="scratch"/> if part of it is border.</summary>
    public ReadOnlySpan<float> Row(int y, Span<float> scratch)
    {
        var part = Stored(y);
        if (part.Length == Width)
            return part;

        var row = scratch[..Width];
        row.Fill(Border);
        if (!part.IsEmpty)
            part.CopyTo(row[Window.X..]);

        return row;
    }
}

/// <summary>Bilinear resampling of planes from one size to another: the taps of both directions, and the two passes.</summary>
internal sealed class PlaneResampling(int sh, int sw, int dh, int dw, bool antialias)
{
    private readonly ResampleTaps columns = ResampleTaps.Create(sw, dw, antialias);
    private readonly ResampleTaps rows = ResampleTaps.Create(sh, dh, antialias);

    /// <summary>Computes a window of the resized plane.</summary>
    public void Run(BorderedPlane source, Span<float> target, PlaneWindow window)
    {
        // The pass along rows is slower, so it runs where there are fewer rows.
        if (dh > sh)
            ColumnsFirst(source, target, window);
        else
            RowsFirst(source, target, window);
    }

    private void ColumnsFirst(BorderedPlane source, Span<float> target, PlaneWindow window)
    {
        using var buffer = new ScratchArray<float>((sh * window.Width) + sw);
        var wide = buffer.Span[..(sh * window.Width)];
        var row = buffer.Span[(sh * window.Width)..];
        for (var y = 0; y < sh; y++)
            AlongRow(source.Row(y, row), window, wide.Slice(y * window.Width, window.Width));

        for (var y = 0; y < window.Height; y++)
        {
            var line = window.Y + y;
            var taps = wide.Slice(rows.First[line] * window.Width, rows.Count * window.Width);
            RowMath.WeightedSum(taps, rows.Of(line), target.Slice(y * window.Width, window.Width));
        }
    }

    private void RowsFirst(BorderedPlane source, Span<float> target, PlaneWindow window)
    {
        using var buffer = new ScratchArray<float>(2 * sw);
        var row = buffer.Span[..sw];
        var border = buffer.Span[sw..];
        border.Fill(source.Border);
        var (left, width) = (source.Window.X, source.Window.Width);
        for (var y = 0; y < window.Height; y++)
        {
            var weights = rows.Of(window.Y + y);
            var first = rows.First[window.Y + y];
            Sum(source, first, weights, border, row.Slice(left, width));
            if (width < sw)
            {
                // All columns of the border are equal.
                var beside = left > 0 ? row[..1] : row[^1..];
                Sum(default, first, weights, border, beside);
                var value = beside[0];
                row[..left].Fill(value);
                row[(left + width)..].Fill(value);
            }

            AlongRow(row, window, target.Slice(y * window.Width, window.Width));
        }
    }

    /// <summary>Weighted sum of stored rows; rows outside count as border.</summary>
    private static void Sum(BorderedPlane source, int first, ReadOnlySpan<float> weights, ReadOnlySpan<float> border, Span<float> target)
    {
        if (weights.Length == 2)
        {
            RowMath.Blend(Part(source, first, border, target.Length), Part(source, first + 1, border, target.Length), weights[0], weights[1], target);
            return;
        }

        target.Clear();
        for (var tap = 0; tap < weights.Length; tap++)
        {
            if (weights[tap] != 0)
                RowMath.MultiplyAdd(Part(source, first + tap, border, target.Length), weights[tap], target);
        }
    }

    private static ReadOnlySpan<float> Part(BorderedPlane source, int y, ReadOnlySpan<float> border, int length) =>
        source.Stored(y) is { IsEmpty: false } part ? part : border[..length];

    private void AlongRow(ReadOnlySpan<float> source, PlaneWindow window, Span<float> target)
    {
        var first = columns.First.AsSpan(window.X, target.Length);
        var weights = columns.Weights.AsSpan(window.X * columns.Count, target.Length * columns.Count);
        if (columns.Count == 2)
        {
            for (var x = 0; x < target.Length; x++)
                target[x] = (weights[2 * x] * source[first[x]]) + (weights[(2 * x) + 1] * source[first[x] + 1]);

            return;
        }

        for (var x = 0; x < target.Length; x++)
        {
            var sum = 0f;
            var run = source.Slice(first[x], columns.Count);
            var weight = weights.Slice(x * columns.Count, columns.Count);
            for (var tap = 0; tap < run.Length; tap++)
                sum += weight[tap] * run[tap];

            target[x] = sum;
        }
    }
}
