using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Proposals;
using DeconvNet.Tests.Support;
using DeconvNet.Training;
using DeconvNet.Training.Optimization;
using DeconvNet.Training.Ranks;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Training;

/// <summary>The exponential moving average of the weights.</summary>
[Collection(TorchTests.Name)]
public sealed class WeightAverageTests : IDisposable
{
    private static readonly Proposal[] Boxes = [new(new PixelBox(4, 4, 60, 60), 1), new(new PixelBox(10, 12, 52, 56), 0.5f)];

    private readonly DrawnScenes scenes = new();

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public async Task A_trained_network_holds_the_average_that_one_computes_from_its_steps(double decay)
    {
        using var model = NewModel();
        var expected = new Averages(model, decay);

        await TrainAsync(model, Recipe(4, 6, decay) with { StatisticsBatches = 0 }, expected);

        Assert.Equal(10, expected.Steps.Count);
        AssertClose(expected.Steps[^1].Average, Values(model));
        Assert.Contains(expected.Last, entry => Difference(entry.Value, expected.Steps[^1].Average[entry.Key]) > 1e-3);
    }

    [Fact]
    public async Task The_average_does_not_change_the_steps()
    {
        var losses = new List<double>[] { [], [] };
        foreach (var (decay, list) in new[] { 0, 0.9 }.Zip(losses))
        {
            using var model = NewModel();
            using var folder = new TemporaryFolder();
            await TrainAsync(model, Recipe(4, 6, decay) with { Folder = folder.Root }, new Told(step => list.Add(step.Loss)), new Validation(scenes.Dataset) { Every = 2, MaxProposals = 2 });
        }

        Assert.Equal(losses[0], losses[1]);
    }

    [Fact]
    public async Task Validation_sees_the_average_and_keeps_the_best()
    {
        using var folder = new TemporaryFolder();
        using var model = NewModel();
        var expected = new Averages(model, 0.9);

        await TrainAsync(model, Recipe(6, 6, 0.9) with { Folder = folder.Root, StatisticsBatches = 0 }, expected, new Validation(scenes.Dataset) { Every = 1, MaxProposals = 2 });

        using var best = DeconvNetModel.Load(folder[Validation.BestFileName]);
        AssertClose(expected.Steps.MaxBy(step => step.MeanIoU).Average, Values(best));
    }

    [Theory]
    [InlineData("stage1", 2)]
    [InlineData("stage2", 4)]
    [InlineData("statistics", 3)]
    [InlineData("statistics", 9)]
    public async Task A_stopped_run_resumes_bit_for_bit(string stage, int iteration)
    {
        var recipe = Recipe(3, 7, 0.9);
        using var whole = NewModel();
        await TrainAsync(whole, recipe);

        using var folder = new TemporaryFolder();
        using (var stopped = NewModel())
        {
            using var stop = new CancellationTokenSource();
            var progress = new Told(step =>
            {
                if ((step.IsStatistics ? "statistics" : step.Stage) == stage && step.Iteration == iteration)
                    stop.Cancel();
            });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TrainAsync(stopped, recipe with { Folder = folder.Root }, progress, stop: stop));
        }

        random.manual_seed(99);
        using var resumed = new DeconvNetModel(DrawnScenes.Network);
        await TrainAsync(resumed, recipe with { Folder = folder.Root });

        var found = Values(resumed);
        foreach (var (name, values) in Values(whole))
            Assert.Equal(values, found[name]);
    }

    [Fact]
    public async Task The_statistics_at_the_end_are_those_of_the_averaged_weights()
    {
        var recipe = Recipe(3, 7, 0.95);
        using var model = NewModel();
        await TrainAsync(model, recipe);

        // The same crops, for a network that has these weights from the start and keeps them.
        using var still = NewModel();
        still.load_state_dict(model.state_dict());
        await TrainAsync(still, recipe with
        {
            WeightAverageDecay = 0,
            Optimizer = recipe.Optimizer with { WeightDecay = 0 },
            Stages = [.. recipe.Stages.Select(stage => stage with { Schedule = LearningRateSchedule.Cosine(1e-30) })],
        });

        var found = Values(model);
        foreach (var (name, values) in Values(still))
            Assert.Equal(values, found[name]);
    }

    [Fact]
    public async Task Ranks_average_as_one_process_does()
    {
        var recipe = Recipe(3, 3, 0.9);
        recipe = recipe with { StatisticsBatches = 0, Stages = [.. recipe.Stages.Select(stage => stage with { BatchSize = 4, Accumulation = 2 })] };
        using var alone = NewModel();
        await TrainAsync(alone, recipe);
        DeconvNetModel[] models = [NewModel(), NewModel()];
        await Task.WhenAll(new ThreadRanks(2).All.Select(rank => TrainAsync(models[rank.Rank], recipe, rank: rank)));

        var (first, second) = (Values(models[0]), Values(models[1]));
        foreach (var (name, values) in first)
            Assert.Equal(values, second[name]);
        AssertClose(Values(alone), first, 1e-4f);
        foreach (var model in models)
            model.Dispose();
    }

    [Fact]
    public async Task A_checkpoint_without_the_average_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var model = NewModel();
        await TrainAsync(model, Recipe(2, 1, 0) with { Folder = folder.Root });

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(model, Recipe(2, 1, 0.9) with { Folder = folder.Root }));

        Assert.Contains("average.conv1_1.weight", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_decay_out_of_range_is_refused(double decay)
    {
        using var model = NewModel();

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new SegmentationTrainer(model, Recipe(1, 1, decay)));

        Assert.Contains("WeightAverageDecay", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => scenes.Dispose();

    private static TrainingOptions Recipe(int first, int second, double decay) => DrawnScenes.Recipe(first, second) with { WeightAverageDecay = decay };

    private static DeconvNetModel NewModel()
    {
        random.manual_seed(3);
        return new DeconvNetModel(DrawnScenes.Network);
    }

    /// <summary>Weights and running statistics by name.</summary>
    private static Dictionary<string, float[]> Values(DeconvNetModel model)
    {
        using var scope = NewDisposeScope();
        return WeightSlot.Of(model.Layers).ToDictionary(slot => slot.Name, slot => model.TensorOf(slot).detach().flatten().data<float>().ToArray());
    }

    private static void AssertClose(Dictionary<string, float[]> expected, Dictionary<string, float[]> found, float tolerance = 1e-5f)
    {
        foreach (var (name, values) in expected)
            Assert.True(Difference(values, found[name]) < tolerance * Math.Max(1, values.Max(Math.Abs)), $"{name} differs by {Difference(values, found[name])}.");
    }

    private static float Difference(float[] one, float[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Max();

    private async Task TrainAsync(DeconvNetModel model, TrainingOptions options, IProgress<TrainingProgress>? progress = null, Validation? validation = null, CancellationTokenSource? stop = null, ICommunicator? rank = null)
    {
        using var trainer = new SegmentationTrainer(model, options, new FixedProposals(Boxes), validation: validation, communicator: rank);
        await trainer.TrainAsync(scenes.Dataset, progress, stop?.Token ?? TestContext.Current.CancellationToken);
    }

    /// <summary>Computes the average anew from the weights after each step.</summary>
    private sealed class Averages(DeconvNetModel model, double decay) : IProgress<TrainingProgress>
    {
        public Dictionary<string, float[]> Last { get; private set; } = Values(model);

        public List<(double MeanIoU, Dictionary<string, float[]> Average)> Steps { get; } = [];

        public void Report(TrainingProgress value)
        {
            var before = Steps.Count == 0 ? Last : Steps[^1].Average;
            Last = Values(model);
            var step = Steps.Count + 1;
            var kept = Math.Min(decay, (1.0 + step) / (10.0 + step));
            Steps.Add((value.MeanIoU, before.ToDictionary(entry => entry.Key, entry => entry.Value.Zip(Last[entry.Key], (average, now) => (float)((kept * average) + ((1 - kept) * now))).ToArray())));
        }
    }

    private sealed class Told(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
