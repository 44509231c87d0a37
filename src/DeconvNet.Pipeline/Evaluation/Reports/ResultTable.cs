using System.Globalization;
using System.Text;

namespace DeconvNet.Evaluation.Reports;

/// <summary>
/// Methods in the layout of the paper's Table 1: one row per method, one column per class, the mean last; all in percent.
/// </summary>
/// <param name="ClassNames">Class names by id; index 0 is background.</param>
/// <param name="Rows">The methods, each with a value for each class.</param>
public sealed partial record ResultTable(IReadOnlyList<string> ClassNames, IReadOnlyList<ResultRow> Rows)
{
    /// <summary>Aligned columns, one decimal; "–" for undefined values, "*" after methods with published figures.</summary>
    public string ToText()
    {
        var methods = Rows.Select(row => row.IsPublished ? row.Method + " *" : row.Method).ToArray();
        var wide = methods.Append("method").Max(name => name.Length);
        var widest = Rows.Select(row => row.Set.Length).Append("set".Length).Max();
        var text = new StringBuilder();
        text.Append("method".PadRight(wide)).Append("  ").Append("set".PadRight(widest));
        foreach (var name in Columns)
            text.Append(' ').Append(name.PadLeft(6));
        text.AppendLine();
        for (var i = 0; i < Rows.Count; i++)
        {
            text.Append(methods[i].PadRight(wide)).Append("  ").Append(Rows[i].Set.PadRight(widest));
            foreach (var value in Values(Rows[i]))
                text.Append(' ').Append(Percent(value).PadLeft(6));
            text.AppendLine();
        }

        if (Rows.Any(row => row.IsPublished))
            text.AppendLine("* published figures, on the set named; not measured here");
        return text.ToString();
    }

    /// <summary>The table in Markdown, with the seconds per image of the methods measured here.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder("| method | measured on | ");
        text.AppendJoin(" | ", Columns).AppendLine(" | s/image |");
        text.Append("|---|---|").Insert(text.Length, "---:|", ClassNames.Count + 2).AppendLine();
        foreach (var row in Rows)
        {
            var set = row.IsPublished ? row.Set + " (published)" : FormattableString.Invariant($"{row.Set}, {row.ImageCount} images");
            text.Append(CultureInfo.InvariantCulture, $"| {row.Method} | {set} | ");
            text.AppendJoin(" | ", Values(row).Select(Percent));
            text.AppendLine(CultureInfo.InvariantCulture, $" | {(double.IsNaN(row.SecondsPerImage) ? "–" : row.SecondsPerImage.ToString("F2", CultureInfo.InvariantCulture))} |");
        }

        return text.ToString();
    }

    /// <summary>
    /// The table as CSV with full class names: <c>source</c> (measured or published), <c>method</c>, <c>set</c>, one column per class, <c>mean</c>,
    /// <c>images</c>, <c>seconds_per_image</c>; empty if undefined.
    /// </summary>
    public string ToCsv()
    {
        var text = new StringBuilder("source,method,set,").AppendJoin(',', ClassNames.Select(Quoted)).AppendLine(",mean,images,seconds_per_image");
        foreach (var row in Rows)
        {
            text.AppendJoin(',', [row.IsPublished ? "published" : "measured", Quoted(row.Method), Quoted(row.Set), .. Values(row).Select(Plain)]);
            text.AppendLine(CultureInfo.InvariantCulture, $",{(row.IsPublished ? "" : row.ImageCount)},{Seconds(row)}");
        }

        return text.ToString();

        static string Plain(double fraction) => double.IsNaN(fraction) ? "" : (100 * fraction).ToString("F4", CultureInfo.InvariantCulture);
        static string Seconds(ResultRow row) => double.IsNaN(row.SecondsPerImage) ? "" : row.SecondsPerImage.ToString("F3", CultureInfo.InvariantCulture);
    }

    // A table of 22 columns fits on a screen if names are at most six letters long.
    private IEnumerable<string> Columns => ClassNames.Select(name => name switch
    {
        "background" => "bkg",
        "aeroplane" => "plane",
        "bicycle" => "bike",
        "diningtable" => "table",
        "motorbike" => "mbike",
        "pottedplant" => "plant",
        "tvmonitor" => "tv",
        _ => name.Length <= 6 ? name : name[..6],
    }).Append("mean");

    private static IEnumerable<double> Values(ResultRow row) => row.ClassIoU.Append(row.MeanIoU);

    private static string Percent(double fraction) => double.IsNaN(fraction) ? "–" : (100 * fraction).ToString("F1", CultureInfo.InvariantCulture);

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
