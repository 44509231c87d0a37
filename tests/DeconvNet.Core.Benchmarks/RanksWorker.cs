using System.Diagnostics;
using System.Globalization;
using DeconvNet.Architecture;
using DeconvNet.Datasets;
using DeconvNet.Mpi;
using DeconvNet.Networks;
using DeconvNet.Training;
using DeconvNet.Training.Optimization;

namespace DeconvNet.Benchmarks;

/// <summary>A rank of <see cref="RanksBenchmark"/>: rank 0 prints the milliseconds of a step, and the fraction of it that exchanges took.</summary>
internal static class RanksWorker
{
    /// <summary>The environment variables that name the network, the folder of the data set and the number of ranks, in such a process only.</summary>
    public const string Variable = "DECONVNET_RANKS_NETWORK", FolderVariable = "DECONVNET_RANKS_FOLDER", CountVariable = "DECONVNET_RANKS_COUNT";

    private const int WarmUp = 1;
    private const int Steps = 5;

    // Side, crops in a pass; two passes make a step.
    private static readonly Dictionary<string, (Func<IReadOnlyList<string>, SegmentationModel> Make, int Side, int Crops)> networks = new(StringComparer.Ordinal)
    {
        ["small FCN-8s, 8.7 million parameters, 2 passes of 4 crops of 256×256"] = (names => new FcnModel(FcnOptions.Compact, names), 256, 4),
        ["small FCN-8s, 8.7 million parameters, 2 passes of 2 crops of 64×64"] = (names => new FcnModel(FcnOptions.Compact, names), 64, 2),
    };

    public static IEnumerable<string> Networks => networks.Keys;

    /// <summary>Whether this process is a worker, which has then run.</summary>
    public static bool TryTrain()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } name)
            return false;

        var (make, side, crops) = networks[name];
        using var ranks = Environment.GetEnvironmentVariable(CountVariable) == "1" ? null : MpiCommunicator.Start();
        var data = new FolderDataset(Environment.GetEnvironmentVariable(FolderVariable)!);
        using var model = make(data.ClassNames);
        var options = TrainingOptions.CompactFcn(WarmUp + Steps);
        options = options with
        {
            Stages = [options.Stages[0] with { InputSize = side, BatchSize = crops, Accumulation = 2, Schedule = LearningRateSchedule.Step(1e-6, 9000) }],
            StatisticsBatches = 0,
            CheckpointEvery = 1000,
        };
        using var trainer = new SegmentationTrainer(model, options, communicator: ranks);
        var watch = Stopwatch.StartNew();
        var (time, exchanges) = (TimeSpan.Zero, TimeSpan.Zero);
        trainer.TrainAsync(data, new Told(step =>
        {
            if (step.Iteration == WarmUp)
                (time, exchanges) = (watch.Elapsed, Exchanged());
            if (step.Iteration == WarmUp + Steps)
                (time, exchanges) = (watch.Elapsed - time, Exchanged() - exchanges);
        })).GetAwaiter().GetResult();
        if (ranks is null or { Rank: 0 })
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds / Steps:R} {exchanges / time:R}"));
        return true;

        TimeSpan Exchanged() => ranks?.CommunicationTime ?? TimeSpan.Zero;
    }

    private sealed class Told(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
