using System.Diagnostics;

namespace DeconvNet.Segmentation;

/// <summary>Wall-clock time of each stage of a segmentation.</summary>
public readonly record struct SegmentationTimings
{
    /// <summary>Shrinking a large photo and finding proposals.</summary>
    public TimeSpan Proposals { get; init; }

    /// <summary>Cutting out, resizing and preprocessing the crops.</summary>
    public TimeSpan Crops { get; init; }

    /// <summary>Running the network, including waiting while another call runs it.</summary>
    public TimeSpan Network { get; init; }

    /// <summary>Merging the scores of the crops and choosing a class for each pixel.</summary>
    public TimeSpan Merge { get; init; }

    /// <summary>Refining with a CRF; 0 without one.</summary>
    public TimeSpan Crf { get; init; }

    /// <summary>The sum of all stages.</summary>
    public TimeSpan Total => Proposals + Crops + Network + Merge + Crf;

    /// <summary>Adds stage by stage.</summary>
    public static SegmentationTimings operator +(SegmentationTimings left, SegmentationTimings right) => left.Add(right);

    /// <summary>Adds stage by stage.</summary>
    public SegmentationTimings Add(SegmentationTimings other) => new()
    {
        Proposals = Proposals + other.Proposals,
        Crops = Crops + other.Crops,
        Network = Network + other.Network,
        Merge = Merge + other.Merge,
        Crf = Crf + other.Crf,
    };

    /// <summary>The stages with their names in metrics.</summary>
    internal IEnumerable<(string Stage, TimeSpan Time)> ByStage() => [("proposals", Proposals), ("crops", Crops), ("network", Network), ("merge", Merge), ("crf", Crf)];
}

/// <summary>Measures wall-clock time by stage: each call adds the time since the previous one.</summary>
internal sealed class StageClock
{
    private long last = Stopwatch.GetTimestamp();

    public SegmentationTimings Timings { get; private set; }

    public void EndProposals() => Timings = Timings with { Proposals = Timings.Proposals + Lap() };

    public void EndCrops() => Timings = Timings with { Crops = Timings.Crops + Lap() };

    public void EndNetwork() => Timings = Timings with { Network = Timings.Network + Lap() };

    public void EndMerge() => Timings = Timings with { Merge = Timings.Merge + Lap() };

    private TimeSpan Lap()
    {
        var now = Stopwatch.GetTimestamp();
        var lap = Stopwatch.GetElapsedTime(last, now);
        last = now;
        return lap;
    }
}
