using System.Globalization;

namespace DeconvNet.Imaging.Drawing;

/// <summary>The classes of a map on a strip: color, name, fraction of the pixels in percent; the largest first, in as many columns as fit.</summary>
internal sealed class Legend
{
    /// <summary>The background of the legend.</summary>
    public static readonly Rgb Paper = new(250, 250, 248);

    private static readonly Rgb Text = new(38, 40, 46);
    private static readonly Rgb FaintText = new(110, 113, 122);
    private static readonly Rgb Frame = new(150, 153, 160);

    private readonly List<(byte Id, string Name, string Fraction)> entries = [];
    private readonly int scale;
    private readonly int nameWidth;
    private readonly int entryWidth;
    private readonly int columns;
    private readonly int rows;

    /// <param name="labels">The classes to count.</param>
    /// <param name="names">Names by id; others are called "class N".</param>
    /// <param name="scale">Size of a dot of the font in pixels.</param>
    public Legend(LabelMap labels, IReadOnlyList<string> names, int scale)
    {
        this.scale = scale;
        var counts = new long[256];
        foreach (var label in labels.Pixels)
            counts[label]++;

        var total = (double)labels.Pixels.Length;
        foreach (var id in Enumerable.Range(0, 256).Where(id => counts[id] > 0).OrderByDescending(id => counts[id]))
            entries.Add(((byte)id, Name(id, names), Percent(counts[id] / total)));

        nameWidth = entries.Max(entry => BitmapFont.Measure(entry.Name, scale));
        var fractionWidth = entries.Max(entry => BitmapFont.Measure(entry.Fraction, scale));
        entryWidth = Swatch + (4 * scale) + nameWidth + (6 * scale) + fractionWidth;
        columns = Math.Clamp((labels.Width - (2 * Margin) + Gap) / (entryWidth + Gap), 1, entries.Count);
        rows = (entries.Count + columns - 1) / columns;
    }

    public int Width => (2 * Margin) + (columns * (entryWidth + Gap)) - Gap;

    public int Height => (2 * Margin) + (rows * LineHeight) - (LineHeight - Swatch);

    private int Margin => 6 * scale;

    private int Gap => 14 * scale;

    private int Swatch => 9 * scale;

    private int LineHeight => 13 * scale;

    /// <summary>Draws the entries from row <paramref name="top"/> on; they run down the columns.</summary>
    public void Draw(Canvas canvas, int top)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var (id, name, fraction) = entries[i];
            var x = Margin + (i / rows * (entryWidth + Gap));
            var y = top + Margin + (i % rows * LineHeight);
            canvas.FillRounded(x, y, Swatch, Swatch, 2 * scale, id == 0 ? Frame : Overlay.Color(id));
            if (id == 0)
                canvas.FillRounded(x + scale, y + scale, Swatch - (2 * scale), Swatch - (2 * scale), scale, Paper);

            x += Swatch + (4 * scale);
            BitmapFont.Draw(canvas, name, x, y + scale, scale, Text);
            x += entryWidth - Swatch - (4 * scale) - BitmapFont.Measure(fraction, scale);
            BitmapFont.Draw(canvas, fraction, x, y + scale, scale, FaintText);
        }
    }

    private static string Name(int id, IReadOnlyList<string> names) =>
        id < names.Count ? names[id] : id == LabelMap.Void ? "unlabeled" : $"class {id}";

    private static string Percent(double fraction) =>
        fraction < 0.0005 ? "< 0.1 %" : string.Create(CultureInfo.InvariantCulture, $"{100 * fraction:F1} %");
}
