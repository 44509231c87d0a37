using System.Diagnostics;
using DeconvNet.Training.Stages;

namespace DeconvNet.Training;

/// <summary>Examples per second since the run was started or resumed, and the estimated remaining time.</summary>
internal sealed class SpeedMeter(TrainingOptions options, TrainingPlace start)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();

    // A batch of statistics has no backward pass, which takes two thirds of the time of a step.
    private readonly double total = options.Stages.Skip(start.Stage).Sum(ExamplesOf) - Share(options, start) + ((options.StatisticsBatches - start.Statistics) * options.StatisticsBatchSize / 3.0);

    private double work;
    private long done;

    public TimeSpan Remaining => watch.Elapsed * (Math.Max(0, total - work) / Math.Max(1, work));

    public double PerSecond => done / Math.Max(1e-9, watch.Elapsed.TotalSeconds);

    public void Add(int examples, bool isStatistics = false)
    {
        done += examples;
        work += isStatistics ? examples / 3.0 : examples;
    }

    private static double ExamplesOf(TrainingStage stage) => (double)stage.Iterations * stage.BatchSize * stage.Accumulation;

    private static double Share(TrainingOptions options, TrainingPlace start) =>
        start.Stage == options.Stages.Count ? 0 : (double)start.Iteration * options.Stages[start.Stage].BatchSize * options.Stages[start.Stage].Accumulation;
}
