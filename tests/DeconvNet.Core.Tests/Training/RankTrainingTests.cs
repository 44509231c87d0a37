using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Proposals;
using DeconvNet.Tests.Support;
using DeconvNet.Training;
using DeconvNet.Training.Logging;
using DeconvNet.Training.Optimization;
using DeconvNet.Training.Ranks;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Training;

/// <summary>Several ranks train as one process that makes all passes.</summary>
[Collection(TorchTests.Name)]
public sealed partial class RankTrainingTests : IDisposable
{
    private const int Steps = 6;

    private readonly DrawnScenes scenes = new();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Ranks_equal_one_process_with_all_passes_after_twenty_steps(int size)
    {
        var recipe = Recipe(12, 8);
        using var start = NewModel();
        using var alone = await TrainAloneAsync(recipe);
        var models = await TrainAsync(size, recipe);

        AssertClose(alone, models[0]);
        foreach (var other in models[1..])
            Assert.Equal(Values(models[0]), Values(other));
        var moved = start.parameters().First().data<float>().Zip(alone.parameters().First().data<float>(), (one, other) => Math.Abs(one - other)).Max();
        Assert.True(moved > 5e-5, $"Nothing was learned: the kernels moved by {moved}.");
        Dispose(models);
    }

    [Fact]
    public async Task Where_gradients_are_added_in_one_order_weights_are_equal_bit_for_bit_after_twenty_steps_and_statistics_to_a_millionth()
    {
        var recipe = Recipe(12, 8);
        recipe = recipe with { Stages = [.. recipe.Stages.Select(stage => stage with { Accumulation = 2 })] };
        using var alone = await TrainAloneAsync(recipe);
        var models = await TrainAsync(2, recipe);

        AssertClose(alone, models[0], weights: 0, statistics: 1e-6);
        Dispose(models);
    }

    [Fact]
    public async Task Two_runs_of_the_same_ranks_are_equal_bit_for_bit()
    {
        var first = await TrainAsync(2, Recipe());
        var second = await TrainAsync(2, Recipe());

        Assert.Equal(Values(first[0]), Values(second[0]));
        Dispose([.. first, .. second]);
    }

    [Fact]
    public async Task Ranks_equal_one_process_where_steps_are_Caffes_and_where_the_running_averages_of_the_steps_stay()
    {
        foreach (var recipe in new[] { Recipe() with { CaffeCompatibility = true }, Recipe() with { StatisticsBatches = 0 } })
        {
            using var alone = await TrainAloneAsync(recipe);
            var models = await TrainAsync(2, recipe);
            AssertClose(alone, models[0]);
            Dispose(models);
        }
    }

    [Fact]
    public async Task Ranks_draw_the_dropout_of_one_process()
    {
        var stage = TrainingOptions.CompactFcn(6).Stages[0] with { InputSize = 64, BatchSize = 2, Accumulation = 4, Schedule = LearningRateSchedule.Step(1e-3, 9000) };
        var recipe = Recipe() with { Stages = [stage] };
        using var alone = NewFcn();
        await TrainAsync(alone, recipe, null);
        SegmentationModel[] models = [NewFcn(), NewFcn()];
        await Task.WhenAll(new ThreadRanks(2).All.Select(rank => TrainAsync(models[rank.Rank], recipe, rank)));

        AssertClose(alone, models[0]);
        Dispose(models);
    }

    [Fact]
    public async Task Weights_and_optimizer_of_rank_0_count_whatever_the_others_started_with()
    {
        using var others = NewModel(seed: 99);
        SegmentationModel[] models = [NewModel(), others];
        await Task.WhenAll(new ThreadRanks(2).All.Select(rank => TrainAsync(models[rank.Rank], Recipe(), rank)));
        var expected = await TrainAsync(2, Recipe());

        Assert.Equal(Values(expected[0]), Values(others));
        Dispose([models[0], .. expected]);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    public async Task A_run_stopped_on_one_rank_stops_on_all_and_goes_on_with_any_number_of_ranks(int before, int after)
    {
        using var folder = new TemporaryFolder();
        var recipe = Recipe() with { Folder = folder.Root };
        using var stop = new CancellationTokenSource();
        var stopped = new ThreadRanks(before).All.Select(async rank =>
        {
            using var model = NewModel();
            var progress = new Told(step =>
            {
                if (step is { Stage: "stage1", Iteration: 2 } && rank.Rank == before - 1)
                    stop.Cancel();
            });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TrainAsync(model, recipe, rank, progress, rank.Rank == before - 1 ? stop : null));
        });
        await Task.WhenAll(stopped);

        var models = await TrainAsync(after, recipe, seed: 99);
        if (before == after)
        {
            var whole = await TrainAsync(before, Recipe());
            Assert.Equal(Values(whole[0]), Values(models[^1]));
            Dispose(whole);
        }

        using var alone = await TrainAloneAsync(Recipe());
        AssertClose(alone, models[0]);
        Assert.Equal(Steps, LossLog.Read(folder["log.csv"]).Count);
        Dispose(models);
    }

    [Fact]
    public async Task The_search_for_proposals_is_shared_and_rank_0_keeps_what_was_found()
    {
        using var folder = new TemporaryFolder();
        var recipe = Recipe() with { Folder = folder.Root };
        var searching = new Searching();
        SegmentationModel[] models = [NewModel(), NewModel(), NewModel()];
        await Task.WhenAll(new ThreadRanks(3).All.Select(rank => TrainAsync(models[rank.Rank], recipe, rank, proposals: searching)));

        Assert.Equal(scenes.Dataset.Count, searching.Searched);
        Assert.Single(Directory.GetFiles(folder.Root, "proposals-*.txt"));

        // Another rank finds them there, although only rank 0 reads the folder.
        File.Delete(folder[TrainingCheckpoint.FileName]);
        await Task.WhenAll(new ThreadRanks(3).All.Select(rank => TrainAsync(models[rank.Rank], recipe, rank, proposals: searching)));
        Assert.Equal(scenes.Dataset.Count, searching.Searched);
        Dispose(models);
    }

    [Fact]
    public async Task An_error_of_one_rank_ends_all_with_its_message()
    {
        var errors = await FailAsync(Recipe(), rank => rank.Rank == 1 ? new Searching("the photo is bad") : new Searching());

        Assert.Equal("the photo is bad", Assert.IsType<InvalidDataException>(errors[1]).Message);
        Assert.Equal("Rank 1 failed: the photo is bad", Assert.IsType<InvalidOperationException>(errors[0]).Message);
    }

    [Fact]
    public async Task A_checkpoint_that_rank_0_cannot_write_ends_all_and_the_one_before_stays()
    {
        using var folder = new TemporaryFolder();
        var recipe = Recipe() with { Folder = folder.Root };
        var errors = await FailAsync(recipe, _ => new Searching(), new Told(step =>
        {
            // A folder in the way of the file stands for the full disk.
            if (step is { Stage: "stage1", Iteration: 4 } && !Directory.Exists(folder[TrainingCheckpoint.FileName]))
            {
                lock (recipe)
                {
                    if (File.Exists(folder[TrainingCheckpoint.FileName]))
                        File.Move(folder[TrainingCheckpoint.FileName], folder["before"]);
                    Directory.CreateDirectory(folder[TrainingCheckpoint.FileName]);
                }
            }
        }));

        Assert.True(errors[0] is IOException or UnauthorizedAccessException, errors[0]?.ToString());
        Assert.StartsWith("Rank 0 failed: ", Assert.IsType<InvalidOperationException>(errors[1]).Message, StringComparison.Ordinal);
        Directory.Delete(folder[TrainingCheckpoint.FileName]);
        File.Move(folder["before"], folder[TrainingCheckpoint.FileName]);
        var models = await TrainAsync(2, recipe);
        var whole = await TrainAsync(2, Recipe());
        Assert.Equal(Values(whole[0]), Values(models[0]));
        Dispose([.. models, .. whole]);
    }

    [Fact]
    public async Task Ranks_of_different_runs_and_steps_with_fewer_passes_than_ranks_are_refused()
    {
        using var model = NewModel();
        using var other = NewModel();
        var (first, second) = (new ThreadRanks(2).All.ToArray(), new ThreadRanks(4).All.First());
        var mine = Assert.ThrowsAsync<InvalidOperationException>(() => TrainAsync(model, Recipe(), first[0]));
        var theirs = await Assert.ThrowsAsync<InvalidOperationException>(() => TrainAsync(other, Recipe() with { Seed = 2 }, first[1]));
        Assert.StartsWith("Rank 1 was started with another run than rank 0.", theirs.Message, StringComparison.Ordinal);
        Assert.StartsWith("Rank 1 failed: ", (await mine).Message, StringComparison.Ordinal);

        var few = Recipe() with { Stages = [Recipe().Stages[0] with { Accumulation = 3 }] };
        Assert.Contains("Accumulation 3", Assert.Throws<ArgumentException>(() => new SegmentationTrainer(model, few, communicator: second)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gradients_that_one_rank_lacks_reach_it_and_those_that_all_lack_stay_away()
    {
        SegmentationModel[] models = [NewModel(), NewModel()];
        await Task.WhenAll(new ThreadRanks(2).All.Select(rank => Task.Run(() =>
        {
            using var scope = NewDisposeScope();
            var model = models[rank.Rank];
            using var exchange = new StepExchange(new RankTeam(rank), model, model.parameters());
            exchange.Begin();
            if (rank.Rank == 1)
                model.parameters().First().grad = ones_like(model.parameters().First());
            var sums = exchange.Sum(new PassSums(0.5, 2, 4), rank.Rank..(rank.Rank + 1), 2, null);
            Assert.Equal(new PassSums(1, 4, 8), sums);
        })));

        foreach (var model in models)
        {
            Assert.All(model.parameters().First().grad!.data<float>().ToArray(), value => Assert.Equal(1, value));
            Assert.All(model.parameters().Skip(1), parameter => Assert.Null(parameter.grad));
        }

        Dispose(models);
    }

    public void Dispose() => scenes.Dispose();

    /// <summary>
    /// Both stages, SGD with momentum, a second loss at fc7, six passes a step, a last round of statistics in which not every rank has a batch. The rate is low, since batch norm
    /// over few values makes a rounding error hundreds of times as large with every step at a usual one.
    /// </summary>
    private static TrainingOptions Recipe(int first = 4, int second = 2)
    {
        var recipe = DrawnScenes.Recipe(first, second);
        return recipe with
        {
            Optimizer = new OptimizerOptions(),
            CheckpointEvery = 3,
            Stages = [.. recipe.Stages.Select((stage, i) => stage with
            {
                BatchSize = 4,
                Accumulation = 6,
                ClassLossWeight = i == 0 ? 0.5 : 0,
                Schedule = LearningRateSchedule.Step(1e-5, 9000),
            })],
        };
    }

    private static DeconvNetModel NewModel(int seed = 3)
    {
        lock (Boxes)
        {
            random.manual_seed(seed);
            return new DeconvNetModel(DrawnScenes.Network);
        }
    }

    private static FcnModel NewFcn()
    {
        random.manual_seed(3);
        return new FcnModel(FcnOptions.Compact with { Width = 4, FcChannels = 24, BatchNorm = false, ConvBias = true, Dropout = 0.5 });
    }

    // Gradients of six passes are added in another order by other ranks, and differ in the last bit. Statistics are those of activations, at fc6 of eight values, in which that has grown from layer to
    // layer: one process whose first weights are changed in the last bit has statistics that differ a hundred times as much (docs/scale.md).
    private static void AssertClose(SegmentationModel expected, SegmentationModel actual, double weights = 1e-6, double statistics = 1e-4)
    {
        using var scope = NewDisposeScope();
        var other = actual.state_dict();
        foreach (var (name, value) in expected.state_dict())
        {
            var largest = value.to(float64).abs().max().ToDouble();
            var difference = (value.to(float64) - other[name].to(float64)).abs().max().ToDouble();
            var tolerance = name.Contains("running", StringComparison.Ordinal) ? statistics : weights;
            Assert.True(difference <= tolerance * Math.Max(1, largest), $"{name} differs by {difference}; its largest value is {largest}.");
        }
    }

    private static float[] Values(SegmentationModel model)
    {
        using var scope = NewDisposeScope();
        return [.. model.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => entry.Value.to(float32).flatten().data<float>().ToArray())];
    }

    private static void Dispose(IEnumerable<SegmentationModel> models)
    {
        foreach (var model in models)
            model.Dispose();
    }

    private async Task<DeconvNetModel> TrainAloneAsync(TrainingOptions options)
    {
        var model = NewModel();
        await TrainAsync(model, options, null);
        return model;
    }

    private async Task<SegmentationModel[]> TrainAsync(int size, TrainingOptions options, int seed = 3)
    {
        SegmentationModel[] models = [.. Enumerable.Range(0, size).Select(_ => NewModel(seed))];
        await Task.WhenAll(new ThreadRanks(size).All.Select(rank => TrainAsync(models[rank.Rank], options, rank)));
        return models;
    }

    private async Task TrainAsync(
        SegmentationModel model, TrainingOptions options, ICommunicator? rank, IProgress<TrainingProgress>? progress = null, CancellationTokenSource? stop = null, IProposalGenerator? proposals = null, Validation? validation = null)
    {
        using var trainer = new SegmentationTrainer(model, options, proposals ?? new Searching(), validation: validation, communicator: rank);
        await trainer.TrainAsync(scenes.Dataset, progress, stop?.Token ?? TestContext.Current.CancellationToken);
    }

    private async Task<Exception?[]> FailAsync(TrainingOptions options, Func<ICommunicator, IProposalGenerator> proposals, IProgress<TrainingProgress>? progress = null) =>
        await Task.WhenAll(new ThreadRanks(2).All.Select(async rank =>
        {
            using var model = NewModel();
            return await Record.ExceptionAsync(() => TrainAsync(model, options, rank, progress, proposals: proposals(rank)));
        }));

    private static readonly Proposal[] Boxes = [new(new PixelBox(4, 4, 60, 60), 1), new(new PixelBox(10, 12, 52, 56), 0.5f)];

    private sealed class Searching(string? failure = null) : IProposalGenerator
    {
        private int searched;

        public int Searched => searched;

        public IReadOnlyList<Proposal> Generate(RgbImage image, int maxCount, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref searched);
            return failure is null ? Boxes : throw new InvalidDataException(failure);
        }
    }

    private sealed class Told(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
