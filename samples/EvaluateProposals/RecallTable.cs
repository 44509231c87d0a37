using System.Globalization;
using System.Text;
using DeconvNet.Evaluation.Metrics;

namespace EvaluateProposals;

/// <summary>Recall in percent as a Markdown table.</summary>
internal static class RecallTable
{
    private static readonly int[] Counts = [10, 50, 200, 1000];

    public static string Markdown(IReadOnlyList<(string Name, ProposalRecall Recall)> measured)
    {
        var text = new StringBuilder("| proposals |");
        foreach (var overlap in (string[])["0.5", "0.7"])
            text.AppendJoin("", Counts.Select(count => $" {count} at IoU {overlap} |"));
        text.AppendJoin("", Counts.Select(count => $" mean best overlap, {count} |")).AppendLine(" ms per image |");
        text.Append("| --- |").Insert(text.Length, " ---: |", (3 * Counts.Length) + 1).AppendLine();
        foreach (var (name, recall) in measured)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} |");
            foreach (var overlap in (double[])[0.5, 0.7])
                text.AppendJoin("", Counts.Select(count => string.Create(CultureInfo.InvariantCulture, $" {100 * recall.Recall(count, overlap):F1} |")));
            text.AppendJoin("", Counts.Select(count => string.Create(CultureInfo.InvariantCulture, $" {recall.AverageBestOverlap(count):F3} |")));
            text.AppendLine(CultureInfo.InvariantCulture, $" {recall.Time.TotalMilliseconds / recall.ImageCount:F0} |");
        }

        if (measured is [var first, ..])
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{first.Recall.ObjectCount} objects in {first.Recall.ImageCount} images.");
        return text.ToString();
    }
}
