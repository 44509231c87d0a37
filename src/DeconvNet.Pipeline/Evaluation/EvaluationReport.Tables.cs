using System.Globalization;
using System.Text;

namespace DeconvNet.Evaluation;

public sealed partial record EvaluationReport
{
    /// <summary>A table in columns of equal width, percentages with two digits; "–" where there is no value.</summary>
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

    /// <summary>The same as a Markdown table.</summary>
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

    /// <summary>The totals under the table, as name and text.</summary>
    public IReadOnlyList<(string Name, string Value)> Totals =>
    [
        ("mean IoU %", Percent(Confusion.MeanIoU)),
        ("pixel accuracy %", Percent(Confusion.PixelAccuracy)),
        ("mean accuracy %", Percent(Confusion.MeanAccuracy)),
        ("frequency-weighted IoU %", Percent(Confusion.FrequencyWeightedIoU)),
        ("images", Images.ToString(CultureInfo.InvariantCulture)),
        ("seconds per image", Images == 0 ? "–" : SecondsPerImage.ToString("F2", CultureInfo.InvariantCulture)),
    ];

    private static string Percent(double share) =>
        double.IsNaN(share) ? "–" : (100 * share).ToString("F2", CultureInfo.InvariantCulture);
}
