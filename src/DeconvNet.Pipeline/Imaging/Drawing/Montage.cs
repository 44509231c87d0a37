namespace DeconvNet.Imaging.Drawing;

/// <summary>A picture with its caption.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Caption">The caption. Without installed fonts, non-ASCII characters are drawn as question marks.</param>
public readonly record struct MontagePanel(RgbImage Picture, string Caption);

/// <summary>Draws pictures side by side, each with a caption.</summary>
public static class Montage
{
    private static readonly Rgb Ink = new(38, 40, 46);

    /// <summary>Draws pictures in a grid of equal cells, from left to right, each centered at the top of its cell. Works without installed fonts.</summary>
    /// <param name="panels">The pictures with their captions.</param>
    /// <param name="columns">Maximum number of pictures in a row, at least 1.</param>
    /// <returns>One picture.</returns>
    /// <exception cref="ArgumentException">There are no pictures, or the result would be too large for an array.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is below 1.</exception>
    public static RgbImage Draw(IReadOnlyList<MontagePanel> panels, int columns)
    {
        ArgumentNullException.ThrowIfNull(panels);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (panels.Count == 0)
            throw new ArgumentException("There are no pictures to put beside each other.", nameof(panels));

        columns = Math.Min(columns, panels.Count);
        var rows = (panels.Count + columns - 1) / columns;
        var (widest, highest) = (panels.Max(panel => panel.Picture.Width), panels.Max(panel => panel.Picture.Height));
        var scale = Math.Max(1, (int)Math.Round(Math.Sqrt((double)widest * highest) / 200));
        var lettering = Lettering.Of(font: null, scale);
        var gap = 5 * scale;
        var cellWidth = Math.Max(widest, panels.Max(panel => lettering.Measure(panel.Caption))) + gap;
        var caption = (BitmapFont.Height * scale) + gap;
        var cellHeight = caption + highest + gap;
        if (3L * ((columns * (long)cellWidth) + gap) * ((rows * (long)cellHeight) + gap) > Array.MaxLength)
            throw new ArgumentException($"{panels.Count} pictures of up to {widest}×{highest} pixels are too large for one.", nameof(panels));

        var canvas = new Canvas((columns * cellWidth) + gap, (rows * cellHeight) + gap);
        canvas.Fill(Legend.Paper);
        for (var i = 0; i < panels.Count; i++)
        {
            var (left, top) = (gap + (i % columns * cellWidth), gap + (i / columns * cellHeight));
            var (picture, text) = panels[i];
            lettering.Draw(canvas, text, left + ((cellWidth - gap - lettering.Measure(text)) / 2), top, Ink);
            Copy(picture, canvas, left + ((cellWidth - gap - picture.Width) / 2), top + caption);
        }

        return new RgbImage(canvas.Width, canvas.Height, canvas.Pixels);
    }

    private static void Copy(RgbImage picture, Canvas canvas, int left, int top)
    {
        PixelRows.Copy(picture.Pixels, 3 * picture.Width, canvas.Pixels.AsSpan(3 * ((top * canvas.Width) + left)), 3 * canvas.Width, 3 * picture.Width, picture.Height);
    }
}
