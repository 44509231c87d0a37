using System.Globalization;
using DeconvNet.Evaluation.Reports;

namespace EvaluateVoc;

/// <summary>Table 1 of the paper, as a file beside this one.</summary>
internal static class PublishedResults
{
    private const int FirstClass = 3;

    public static IEnumerable<ResultRow> Read()
    {
        using var stream = typeof(PublishedResults).Assembly.GetManifestResourceStream("published-results.csv")!;
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            var values = cells[FirstClass..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture) / 100).ToArray();
            var method = cells[1] == "yes" ? cells[0] + " (more masks)" : cells[0];
            yield return new ResultRow(method, cells[2], values[..^1], values[^1]) { IsPublished = true };
        }
    }
}
