using DeconvNet.Evaluation.Metrics;

namespace EvaluateProposals;

/// <summary>Recall at IoU 0.5 against the number of proposals, as SVG.</summary>
internal static class RecallPlot
{
    private const int MaxCount = 1000;

    public static string Svg(IReadOnlyList<(string Name, ProposalRecall Recall)> measured)
    {
        var counts = Enumerable.Range(0, 61).Select(i => (int)Math.Round(Math.Pow(MaxCount, i / 60.0))).Distinct().ToArray();
        return new LineChart { Title = "proposals per image; objects covered at IoU 0.5", Numbers = [1, 10, 50, 200, MaxCount] }
            .ToSvg([.. measured.Select(line => (line.Name, (IReadOnlyList<(int, double)>)[.. counts.Select(count => (count, line.Recall.Recall(count, 0.5)))]))]);
    }
}
