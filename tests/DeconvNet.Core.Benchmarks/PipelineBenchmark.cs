using System.Diagnostics;
using DeconvNet.Networks;
using DeconvNet.Segmentation;

namespace DeconvNet.Benchmarks;

/// <summary>
/// From a file to a file: which stage takes which share of the time. The weights are fresh ones: only saving depends on what they find.
/// </summary>
internal static class PipelineBenchmark
{
    private const int FewestRuns = 3;

    public static void Run(TimeSpan duration)
    {
        using var model = new DeconvNetModel(DeconvNetOptions.Compact);
        model.eval();
        using var segmenter = new ProposalSegmenter(model);
        var file = Path.GetTempFileName();
        try
        {
            RunOnce(segmenter, file);
            var runs = new List<(string Stage, TimeSpan Time)[]>();
            var start = Stopwatch.GetTimestamp();
            while (runs.Count < FewestRuns || Stopwatch.GetElapsedTime(start) < duration)
                runs.Add(RunOnce(segmenter, file));
            Write(segmenter.Options, runs);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static (string Stage, TimeSpan Time)[] RunOnce(ProposalSegmenter segmenter, string file)
    {
        var start = Stopwatch.GetTimestamp();
        var photo = Photo.Load();
        var decoded = Stopwatch.GetElapsedTime(start);
        var result = segmenter.Segment(photo);
        var segmented = Stopwatch.GetElapsedTime(start);
        result.SavePng(file);
        var saved = Stopwatch.GetElapsedTime(start);
        var timings = result.Timings;
        return
        [
            ("decode", decoded),
            ("proposals", timings.Proposals),
            ("crops", timings.Crops),
            ("network", timings.Network),
            ("merge", timings.Merge),
            ("save", saved - segmented),
            ("whole", saved),
        ];
    }

    private static void Write(ProposalSegmenterOptions options, List<(string Stage, TimeSpan Time)[]> runs)
    {
        var photo = Photo.Load();
        var whole = Median(runs[0].Length - 1).Median;
        Table.Write(
            $"pipeline: Compact on {options.MaxProposals} proposals of a photo of {photo.Width}×{photo.Height}, {runs.Count} runs",
            "share",
            "P1",
            [.. runs[0].Select((stage, i) => new TableRow(stage.Stage, Median(i), Median(i).Median / whole))]);

        Spread Median(int stage) => Spread.Of(runs.Select(run => run[stage].Time.TotalMilliseconds));
    }
}
