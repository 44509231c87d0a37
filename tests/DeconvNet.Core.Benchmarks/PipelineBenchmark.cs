using System.Diagnostics;
using DeconvNet.Engine;
using DeconvNet.OnnxRuntime;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace DeconvNet.Benchmarks;

/// <summary>
/// From a file to a file with the default weights, and a CRF at the end; then with their 8-bit version, without it: which stage takes which share of the time.
/// </summary>
internal static class PipelineBenchmark
{
    private const int FewestRuns = 3;

    public static void Run(TimeSpan duration)
    {
        using var model = CompactWeights.DeconvNet.LoadModel();
        using var plain = model.CreateSegmenter();
        using var segmenter = plain.WithCrf();
        Measure($"the default weights on {plain.Options.MaxProposals} proposals, with CRF", segmenter, duration);
        using var int8 = Int8Weights.DeconvNet.CreateSegmenter();
        Measure($"8 bits on {int8.Options.MaxProposals} proposals", int8, duration);
    }

    private static void Measure(string name, ISegmenter segmenter, TimeSpan duration)
    {
        var file = Path.GetTempFileName();
        try
        {
            RunOnce(segmenter, file);
            var runs = new List<(string Stage, TimeSpan Time)[]>();
            var start = Stopwatch.GetTimestamp();
            while (runs.Count < FewestRuns || Stopwatch.GetElapsedTime(start) < duration)
                runs.Add(RunOnce(segmenter, file));
            Write(name, runs);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static (string Stage, TimeSpan Time)[] RunOnce(ISegmenter segmenter, string file)
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
            ("crf", timings.Crf),
            ("save", saved - segmented),
            ("whole", saved),
        ];
    }

    private static void Write(string name, List<(string Stage, TimeSpan Time)[]> runs)
    {
        var photo = Photo.Load();
        var whole = Median(runs[0].Length - 1).Median;
        Table.Write(
            $"pipeline: {name}, of a photo of {photo.Width}×{photo.Height}, {runs.Count} runs",
            "share",
            "P1",
            [.. runs[0].Select((stage, i) => new TableRow(stage.Stage, Median(i), Median(i).Median / whole)).Where(row => row.Last > 0)]);

        Spread Median(int stage) => Spread.Of(runs.Select(run => run[stage].Time.TotalMilliseconds));
    }
}
