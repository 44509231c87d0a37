using System.Diagnostics;

namespace DeconvNet.Training;

/// <summary>Crops a second since the run began or was resumed, and the time that the rest will take.</summary>
internal sealed class SpeedMeter(IReadOnlyList<TrainingStage> stages, TrainingPlace start)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly long total = stages.Skip(start.Stage).Sum(stage => (long)stage.Iterations * stage.BatchSize * stage.Accumulation)
        - ((long)start.Iteration * stages[start.Stage].BatchSize * stages[start.Stage].Accumulation);

    private long done;

    public TimeSpan Remaining => watch.Elapsed * ((total - done) / (double)Math.Max(1, done));

    public double Add(int crops)
    {
        done += crops;
        return done / Math.Max(1e-9, watch.Elapsed.TotalSeconds);
    }
}
