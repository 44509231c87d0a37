namespace DeconvNet.Imaging.Resampling;

/// <summary>A plane of which only a window is stored; all pixels outside have the same value.</summary>
/// <param name="stored">The window's pixels, row by row.</param>
/// <param name="step">Distance between neighboring rows in <paramref name="stored"/>.</param>
/// <param name="window">Position of the window.</param>
/// <param name="border">The value outside.</param>
/// <param name="width">Width of the whole plane.</param>
internal readonly ref struct BorderedPlane(ReadOnlySpan<float> stored, int step, PlaneWindow window, float border, int width)
{
    private readonly ReadOnlySpan<float> stored = stored;

    public PlaneWindow Window { get; } = window;

    public float Border { get; } = border;

    public int Width { get; } = width;

    /// <summary>The stored part of a row; empty if the row is outside the window.</summary>
    public ReadOnlySpan<float> Stored(int y) =>
        (uint)(y - Window.Y) < (uint)Window.Height ? stored.Slice((y - Window.Y) * step, Window.Width) : [];

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

/// <summary>Bilinear resampling of planes from one size to another: the taps of both directions.</summary>
internal sealed class PlaneResampling(int sh, int sw, int dh, int dw, bool antialias)
{
    public ResampleTaps Rows { get; } = ResampleTaps.Create(sh, dh, antialias);

    public RowResampling AlongRow { get; } = new(ResampleTaps.Create(sw, dw, antialias));

    /// <summary>Whether rows are resampled before they are summed: the pass along rows is slower, so it runs where there are fewer rows.</summary>
    public bool IsColumnsFirst { get; } = dh > sh;

    /// <summary>Computes a window of the resized plane.</summary>
    public void Run(BorderedPlane source, Span<float> target, PlaneWindow window)
    {
        using var scratch = new ScratchArray<float>(ResampledRows.ScratchLength(this, source.Width, window));
        var rows = new ResampledRows(this, source, window, scratch.Span);
        for (var y = 0; y < window.Height; y++)
            rows.Next(target.Slice(y * window.Width, window.Width));
    }
}
