namespace DeconvNet.Imaging.Resampling;

/// <summary>The rows of a window of a resampled plane, computed one after another, so that each is still in the cache when it is used.</summary>
internal ref struct ResampledRows
{
    private readonly PlaneResampling resampling;
    private readonly BorderedPlane source;
    private readonly PlaneWindow window;
    private readonly Span<float> wide;
    private readonly Span<float> row;
    private readonly Span<float> border;
    private int next;
    private int widened;

    /// <param name="resampling">The sizes and taps.</param>
    /// <param name="source">The plane.</param>
    /// <param name="window">The part of the resampled plane to compute.</param>
    /// <param name="scratch">Working memory, <see cref="ScratchLength"/>.</param>
    public ResampledRows(PlaneResampling resampling, BorderedPlane source, PlaneWindow window, Span<float> scratch)
    {
        this.resampling = resampling;
        this.source = source;
        this.window = window;
        row = scratch[..source.Width];
        border = scratch.Slice(source.Width, source.Width);
        wide = scratch[(2 * source.Width)..];
        border.Fill(source.Border);
    }

    public static int ScratchLength(PlaneResampling resampling, int sourceWidth, PlaneWindow window) =>
        (2 * sourceWidth) + (resampling.IsColumnsFirst ? resampling.Rows.Count * window.Width : 0);

    /// <summary>Computes the next row of the window.</summary>
    public void Next(Span<float> target)
    {
        var line = window.Y + next++;
        var first = resampling.Rows.First[line];
        var weights = resampling.Rows.Of(line);
        if (resampling.IsColumnsFirst)
            SumWide(first, weights, target);
        else
            SumNarrow(first, weights, target);
    }

    /// <summary>Sums rows that are resampled already; neighboring sums share rows, and rows outside the window are never touched.</summary>
    private void SumWide(int first, ReadOnlySpan<float> weights, Span<float> target)
    {
        for (widened = Math.Max(widened, first); widened < first + weights.Length; widened++)
            resampling.AlongRow.Run(source.Row(widened, row), window.X, Wide(widened));

        if (weights.Length == 2)
            RowMath.Blend(Wide(first), Wide(first + 1), weights[0], weights[1], target);
        else
            RowMath.WeightedSum(Wide(first), weights, target);
    }

    private readonly Span<float> Wide(int y) => wide.Slice(y % resampling.Rows.Count * window.Width, window.Width);

    /// <summary>Sums rows, then resamples the sum.</summary>
    private readonly void SumNarrow(int first, ReadOnlySpan<float> weights, Span<float> target)
    {
        var (left, width) = (source.Window.X, source.Window.Width);
        Sum(source, first, weights, row.Slice(left, width));
        if (width < row.Length)
        {
            // All columns of the border are equal.
            var beside = left > 0 ? row[..1] : row[^1..];
            Sum(default, first, weights, beside);
            var value = beside[0];
            row[..left].Fill(value);
            row[(left + width)..].Fill(value);
        }

        resampling.AlongRow.Run(row, window.X, target);
    }

    /// <summary>Weighted sum of stored rows; rows outside count as border.</summary>
    private readonly void Sum(BorderedPlane plane, int first, ReadOnlySpan<float> weights, Span<float> target)
    {
        if (weights.Length == 2)
        {
            RowMath.Blend(Part(plane, first, target.Length), Part(plane, first + 1, target.Length), weights[0], weights[1], target);
            return;
        }

        target.Clear();
        for (var tap = 0; tap < weights.Length; tap++)
        {
            if (weights[tap] != 0)
                RowMath.MultiplyAdd(Part(plane, first + tap, target.Length), weights[tap], target);
        }
    }

    private readonly ReadOnlySpan<float> Part(BorderedPlane plane, int y, int length) => plane.Stored(y) is { IsEmpty: false } part ? part : border[..length];
}
