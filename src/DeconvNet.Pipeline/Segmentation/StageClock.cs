using System.Diagnostics;

namespace DeconvNet.Segmentation;

/// <summary>Sums wall-clock time by stage: each call books the time since the one before.</summary>
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
