using System.Globalization;
using System.Text;

namespace EvaluateDetail;

/// <summary>The figures of all methods as Markdown.</summary>
internal static class DetailTable
{
    private static readonly int[] Widths = [1, 2, 3, 5, 7, 10];

    public static string Markdown(IReadOnlyList<MethodDetail> details)
    {
        var text = new StringBuilder();
        text.Append("| method | mean IoU % | ").AppendJoin(" | ", Widths.Select(width => $"within {width} px")).AppendLine(" | calibration error % | false alarms % | empty photos silent % |");
        text.Append("| --- | ---: |").Insert(text.Length, " ---: |", Widths.Length + 3).AppendLine();
        foreach (var detail in details)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {detail.Name} | {Percent(detail.Whole.MeanIoU)} | ")
                .AppendJoin(" | ", Widths.Select(width => Percent(detail.Outlines.Within(width).PixelAccuracy)))
                .AppendLine(CultureInfo.InvariantCulture, $" | {Percent(detail.Reliability.ExpectedCalibrationError)} | {Percent(detail.FalseAlarms)} | {Percent(detail.Silent)} |");
        }

        return text.ToString();
    }

    private static string Percent(double fraction) => double.IsNaN(fraction) ? "–" : (100 * fraction).ToString("F1", CultureInfo.InvariantCulture);
}
