using System.Globalization;
using System.Text;

namespace DeconvNet.Evaluation.Reports;

public sealed partial record EvaluationReport
{
    /// <summary>A table with aligned columns, percentages with two decimals; "–" for undefined values.</summary>
    public string ToText()
    {
        var wide = Math.Max(24, ClassNames.Max(name => name.Length));
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"class".PadRight(wide)}  {"IoU %",7}  {"found %",7}");
        foreach (var row in Classes)
            text.AppendLine(CultureInfo.InvariantCulture, $"{row.Name.PadRight(wide)}  {Percent(row.IoU),7}  {Percent(row.Accuracy),7}");

        text.AppendLine(new string('-', wide + 18));
        foreach (var (name, value) in Totals)
            text.AppendLine(CultureInfo.InvariantCulture, $"{name.PadRight(wide)}  {value,7}");
        return text.ToString();
    }

    /// <summary>The table in Markdown.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine("| class | IoU % | found % |").AppendLine("|---|---:|---:|");
        foreach (var row in Classes)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Name} | {Percent(row.IoU)} | {Percent(row.Accuracy)} |");
        foreach (var (name, value) in Totals)
            text.AppendLine(CultureInfo.InvariantCulture, $"| **{name}** | **{value}** | |");
        return text.ToString();
    }

    /// <summary>The totals below the table.</summary>
    public IReadOnlyList<ReportTotal> Totals =>
    [
        new("mean IoU %", Percent(Confusion.MeanIoU)),
        new("pixel accuracy %", Percent(Confusion.PixelAccuracy)),
        new("mean accuracy %", Percent(Confusion.MeanAccuracy)),
        new("frequency-weighted IoU %", Percent(Confusion.FrequencyWeightedIoU)),
        new("images", ImageCount.ToString(CultureInfo.InvariantCulture)),
        new("seconds per image", ImageCount == 0 ? "–" : SecondsPerImage.ToString("F2", CultureInfo.InvariantCulture)),
    ];

    private static string Percent(double fraction) =>
        double.IsNaN(fraction) ? "–" : (100 * fraction).ToString("F2", CultureInfo.InvariantCulture);
}

/// <summary>A total below the table of an <see cref="EvaluationReport"/>.</summary>
/// <param name="Name">Name, with the unit.</param>
/// <param name="Value">The number as text, independent of the culture; "–" if undefined.</param>
public sealed record ReportTotal(string Name, string Value);
