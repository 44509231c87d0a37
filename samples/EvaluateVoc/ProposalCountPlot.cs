using System.Globalization;
using DeconvNet.Evaluation.Reports;

namespace EvaluateVoc;

/// <summary>Mean IoU against the number of proposals (the paper, figure 7), of the methods named with one, as SVG.</summary>
internal static class ProposalCountPlot
{
    /// <exception cref="ArgumentException">Fewer than two of the methods name a number of proposals.</exception>
    public static void Require(IEnumerable<string> methods)
    {
        if (methods.Select(MethodName.Parse).Select(name => name.Proposals).OfType<int>().Distinct().Count() < 2)
            throw new ArgumentException("--plot draws mean IoU against the number of proposals: name at least two numbers, as in --method deconvnet@1,deconvnet@50.");
    }

    public static string Svg(IReadOnlyList<EvaluationReport> reports)
    {
        var points = reports.Select(report => (Name: MethodName.Parse(report.Method), MeanIoU: report.Confusion.MeanIoU)).Where(point => point.Name.Proposals is not null).ToArray();
        var numbers = points.Select(point => point.Name.Proposals!.Value).Distinct().Order().ToArray();
        var highest = Math.Ceiling(points.Max(point => point.MeanIoU) * 20 + 0.5) / 20;
        var chart = new LineChart { Title = string.Create(CultureInfo.InvariantCulture, $"proposals per image; mean IoU on {reports[0].ImageCount} images"), Numbers = numbers, Max = highest, MarksPoints = true };
        return chart.ToSvg([.. points.GroupBy(point => point.Name.WithoutProposals).Select(line => (
            line.Key, (IReadOnlyList<(int, double)>)[.. line.Select(point => (point.Name.Proposals!.Value, point.MeanIoU)).OrderBy(point => point.Value)]))]);
    }
}
