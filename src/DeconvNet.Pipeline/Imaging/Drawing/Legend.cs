using System.Globalization;

namespace DeconvNet.Imaging.Drawing;

/// <summary>The classes of a label map with color, name and percentage of pixels; largest first, in as many columns as fit.</summary>
internal sealed class Legend
{
    /// <summary>The background of the legend.</summary>
    public static readonly Rgb Paper = new(250, 250, 248);

    private static readonly Rgb Text = new(38, 40, 46);
    private static readonly Rgb FaintText = new(90, 93, 102);
    private static readonly Rgb Frame = new(150, 153, 160);

    private readonly List<(byte Id, string Name, string Fraction)> entries = [];
    private readonly Func<byte, Rgb> color;
    private readonly Lettering lettering;
    private readonly int scale;
    private readonly int entryWidth;
    private readonly int columns;
    private readonly int rows;

    /// <param name="labels">The classes to count.</param>
    /// <param name="shown">Ids to list, found or not; null for all that are found.</param>
    /// <param name="names">Names by id; others are called "class N".</param>
    /// <param name="options">Colors and font.</param>
    /// <param name="scale">Scale of the legend; capitals are 7 times as many pixels high.</param>
    /// <param name="maxColumns">Maximum number of columns; fewer if the picture is narrow.</param>
    public Legend(LabelMap labels, IReadOnlyCollection<byte>? shown, IReadOnlyList<string> names, OverlayOptions options, int scale, int maxColumns = int.MaxValue)
    {
        this.scale = scale;
        color = options.Color;
        lettering = Lettering.Of(options.Font, scale);
        var counts = new long[256];
        foreach (var label in labels.Pixels)
            counts[label]++;

        var total = (double)labels.Pixels.Length;
        var listed = shown ?? [.. Enumerable.Range(0, 256).Where(id => counts[id] > 0).Select(id => (byte)id)];
        foreach (var id in listed.Distinct().OrderByDescending(id => counts[id]))
            entries.Add((id, Name(id, names), Percent(counts[id] / total)));

        var nameWidth = entries.Max(entry => lettering.Measure(entry.Name));
        var fractionWidth = entries.Max(entry => lettering.Measure(entry.Fraction));
        entryWidth = Swatch + (4 * scale) + nameWidth + (6 * scale) + fractionWidth;
        columns = Math.Clamp((labels.Width - (2 * Margin) + Gap) / (entryWidth + Gap), 1, Math.Min(maxColumns, entries.Count));
        rows = (entries.Count + columns - 1) / columns;
    }

    public int Width => (2 * Margin) + (columns * (entryWidth + Gap)) - Gap;

    public int Height => (2 * Margin) + (rows * LineHeight) - (LineHeight - Swatch);

    private int Margin => 6 * scale;

    private int Gap => 14 * scale;

    private int Swatch => 9 * scale;

    private int LineHeight => 13 * scale;

    /// <summary>Draws the entries, column by column, with the upper left corner at <paramref name="left"/>, <paramref name="top"/>.</summary>
    public void Draw(Canvas canvas, int left, int top)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var (id, name, fraction) = entries[i];
            var x = left + Margin + (i / rows * (entryWidth + Gap));
            var y = top + Margin + (i % rows * LineHeight);
            canvas.FillRounded(x, y, Swatch, Swatch, 2 * scale, id == 0 ? Frame : color(id));
            if (id == 0)
                canvas.FillRounded(x + scale, y + scale, Swatch - (2 * scale), Swatch - (2 * scale), scale, Paper);

            x += Swatch + (4 * scale);
            lettering.Draw(canvas, name, x, y + scale, Text);
            x += entryWidth - Swatch - (4 * scale) - lettering.Measure(fraction);
            lettering.Draw(canvas, fraction, x, y + scale, FaintText);
        }
    }

    private static string Name(int id, IReadOnlyList<string> names) =>
        id < names.Count ? names[id] : id == LabelMap.Void ? "unlabeled" : $"class {id}";

    private static string Percent(double fraction) => fraction is > 0 and < 0.0005
        ? "< 0.1 %"
        : string.Create(CultureInfo.InvariantCulture, $"{100 * fraction:F1} %");
}
