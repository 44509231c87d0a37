using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Proposals;
using DeconvNet.Tests.Support;
using DeconvNet.Training;
using DeconvNet.Training.Examples;
using DeconvNet.Training.Logging;
using DeconvNet.Training.Optimization;
using DeconvNet.Training.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Training;

[Collection(TorchTests.Name)]
public sealed partial class SegmentationTrainerTests : IDisposable
{
    private static readonly Proposal[] Boxes = [new(new PixelBox(4, 4, 60, 60), 1), new(new PixelBox(10, 12, 52, 56), 0.5f)];

    private readonly DrawnScenes scenes = new();

    [Fact]
    public async Task Two_stages_on_four_photos_learn_what_they_saw()
    {
        random.manual_seed(3);
        using var model = new DeconvNetModel(DrawnScenes.Network with { Width = 12, FcChannels = 96 });

        // Whole photos are a third of the windows of any overlap: what the test looks at must be seen often.
        var recipe = DrawnScenes.Recipe(60, 320);
        recipe = recipe with { Stages = [.. recipe.Stages.Select(each => each with { Antialias = true, AnyProposalFraction = 0.8, BatchSize = 16, Accumulation = 1, Schedule = LearningRateSchedule.Cosine(4e-3) })] };
        await TrainAsync(model, recipe);

        // What it saw: the whole photos as windows of the second stage, cut in the middle.
        var stage = recipe.Stages[1] with { ResizeFactor = 1, Mirror = false, ContextFactor = 1.05 };
        var maker = new CropMaker(new ImageSource(scenes.Dataset, keep: false), stage, model.Options.InputSize, model.Preprocessing);
        var (planes, truth) = (new float[3 * 32 * 32], new byte[32 * 32]);
        long right = 0, valid = 0;
        for (var i = 0; i < scenes.Dataset.Count; i++)
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            var example = new ExampleRandom(1, 0, i);
            maker.Make(new ExampleWindow(i, new PixelBox(0, 0, 64, 64), 0, -1), ref example, planes, truth, soft: []);
            var predicted = model.forward(tensor(planes, [1, 3, 32, 32])).argmax(1).flatten().to(uint8).data<byte>().ToArray();
            for (var p = 0; p < truth.Length; p++)
            {
                valid += truth[p] == LabelMap.Void ? 0 : 1;
                right += truth[p] == predicted[p] ? 1 : 0;
            }
        }

        // All background would be 67 %.
        Assert.True(right > 0.95 * valid, $"{right} of {valid} pixels are right.");
    }

    [Fact]
    public void Recipes_of_equal_stages_are_equal()
    {
        Assert.Equal(TrainingOptions.Compact(), TrainingOptions.Compact());
        Assert.NotEqual(TrainingOptions.Compact(), TrainingOptions.Compact(secondIterations: 1));
        Assert.Contains("Name = encoder, ", TrainingOptions.Compact().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_encoder_alone_learns_to_name_objects_and_the_decoder_stays()
    {
        random.manual_seed(3);
        using var model = new DeconvNetModel(DrawnScenes.Network);
        using var decoder = model.named_parameters().Single(entry => entry.name == "deconv3_1.weight").parameter.detach().clone();
        var options = DrawnScenes.Recipe(80, 1);
        options = options with { Stages = [options.Stages[0] with { Source = ExampleSource.ObjectClasses, BatchSize = 8, Accumulation = 1 }] };
        var accuracy = new List<double>();

        await TrainAsync(model, options, new Steps(step => accuracy.Add(step.PixelAccuracy)));

        Assert.True(accuracy.TakeLast(10).Average() > 0.9, $"{accuracy.TakeLast(10).Average()} of the crops are named right.");
        Assert.Equal(decoder.data<float>().ToArray(), model.named_parameters().Single(entry => entry.name == "deconv3_1.weight").parameter.data<float>().ToArray());
    }

    [Theory]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(13)]
    [InlineData(18)]
    public async Task A_resumed_training_equals_an_uninterrupted_one_bit_for_bit(int stopAfter)
    {
        using var whole = NewModel();
        await TrainAsync(whole, DrawnScenes.Recipe(10, 8));

        using var folder = new TemporaryFolder();
        using (var stopped = NewModel())
        {
            using var stop = new CancellationTokenSource();
            var steps = 0;
            var progress = new Steps(_ =>
            {
                if (++steps == stopAfter)
                    stop.Cancel();
            });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TrainAsync(stopped, DrawnScenes.Recipe(10, 8, folder.Root), progress, stop));
            Assert.Equal(stopAfter, steps);
        }

        // Fresh weights of another seed: all that counts must come from the checkpoint.
        random.manual_seed(99);
        using var resumed = new DeconvNetModel(DrawnScenes.Network);
        var repeated = 0;
        await TrainAsync(resumed, DrawnScenes.Recipe(10, 8, folder.Root), new Steps(_ => repeated++));

        Assert.Equal(18 - stopAfter, repeated);
        AssertEqual(whole, resumed);
        Assert.Equal(18, LossLog.Read(folder["log.csv"]).Count);
    }

    [Fact]
    public async Task The_switch_to_Caffes_steps_counts_where_a_step_has_several_passes_and_for_the_statistics()
    {
        var recipe = DrawnScenes.Recipe(2, 1);
        var values = recipe.StatisticsBatchSize;
        var single = recipe with { Stages = [.. recipe.Stages.Select(stage => stage with { Accumulation = 1 })] };
        var several = recipe with { Stages = [.. recipe.Stages.Select(stage => stage with { Accumulation = 2 })] };
        using var sound = NewModel();
        await TrainAsync(sound, single);
        using var caffe = NewModel();
        await TrainAsync(caffe, single with { CaffeCompatibility = true });
        AssertEqualKernels(sound, caffe);

        // At fc6 a batch norm has one value of each crop.
        var row = sound.Layers.Single(row => row.Name == "fc6");
        using (var ratio = caffe.BatchNorm(row).running_var! / sound.BatchNorm(row).running_var!)
            Assert.All(ratio.data<float>().ToArray(), share => Assert.Equal((values - 1f) / values, share, 1e-6f));

        using var soundSum = NewModel();
        await TrainAsync(soundSum, several);
        using var caffeSum = NewModel();
        await TrainAsync(caffeSum, several with { CaffeCompatibility = true });
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertEqualKernels(soundSum, caffeSum));

        static void AssertEqualKernels(DeconvNetModel expected, DeconvNetModel actual)
        {
            foreach (var (one, other) in expected.parameters().Zip(actual.parameters()))
                Assert.Equal(one.data<float>().ToArray(), other.data<float>().ToArray());
        }
    }

    [Fact]
    public async Task An_error_of_a_worker_comes_out_as_it_is()
    {
        using var model = NewModel();
        using var trainer = new SegmentationTrainer(model, DrawnScenes.Recipe(1, 1), new Searching(() => throw new InvalidDataException("the photo is bad")));

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => trainer.TrainAsync(scenes.Dataset, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal("the photo is bad", error.Message);
    }

    [Fact]
    public async Task A_network_that_outputs_probabilities_is_trained_on_its_logits()
    {
        using var plain = NewModel();
        random.manual_seed(3);
        using var soft = new DeconvNetModel(DrawnScenes.Network with { SoftmaxOutput = true });

        await TrainAsync(plain, DrawnScenes.Recipe(2, 1));
        await TrainAsync(soft, DrawnScenes.Recipe(2, 1));

        AssertEqual(plain, soft);
    }

    [Fact]
    public async Task A_second_training_without_a_folder_begins_with_a_fresh_optimizer()
    {
        using var model = NewModel();
        using var trainer = new SegmentationTrainer(model, DrawnScenes.Recipe(2, 1), new FixedProposals(Boxes));
        await trainer.TrainAsync(scenes.Dataset, cancellationToken: TestContext.Current.CancellationToken);
        using var fresh = NewModel();
        fresh.load_state_dict(model.state_dict());
        await trainer.TrainAsync(scenes.Dataset, cancellationToken: TestContext.Current.CancellationToken);
        using (var other = new SegmentationTrainer(fresh, DrawnScenes.Recipe(2, 1), new FixedProposals(Boxes)))
            await other.TrainAsync(scenes.Dataset, cancellationToken: TestContext.Current.CancellationToken);

        AssertEqual(fresh, model);
        trainer.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => trainer.TrainAsync(scenes.Dataset, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Two_hundred_steps_leave_no_tensor_behind()
    {
        using var model = NewModel();
        using var trainer = new SegmentationTrainer(model, WithClassHead(DrawnScenes.Recipe(104, 104)), new FixedProposals([new Proposal(new PixelBox(8, 8, 56, 56), 1)]));
        var early = 0L;
        var late = 0L;
        await trainer.TrainAsync(
            scenes.Dataset,
            new Steps(step =>
            {
                if (step is { Stage: "stage1", Iteration: 4 })
                    early = LiveTensors.CountSettled();
                if (step is { Stage: "stage2", Iteration: 100 })
                    late = Tensor.TotalCount;
            }),
            TestContext.Current.CancellationToken);

        Assert.True(early > 0);
        Assert.Equal(early, late);
    }

    [Fact]
    public void A_bad_option_is_named_before_anything_happens()
    {
        using var model = NewModel();
        var options = DrawnScenes.Recipe(2, 1);

        Assert.Contains("BatchSize is -1", Refused(options with { Stages = [options.Stages[0] with { BatchSize = -1 }] }), StringComparison.Ordinal);
        Assert.Contains("BatchSize is 1", Refused(options with { Stages = [options.Stages[0] with { BatchSize = 1 }] }), StringComparison.Ordinal);
        Assert.Contains("StatisticsBatches is -1", Refused(options with { StatisticsBatches = -1 }), StringComparison.Ordinal);
        Assert.Contains("Name is a,b", Refused(options with { Stages = [options.Stages[0] with { Name = "a,b" }] }), StringComparison.Ordinal);
        Assert.Contains("WeightDecay is -1", Refused(options with { Optimizer = new OptimizerOptions { WeightDecay = -1 } }), StringComparison.Ordinal);
        Assert.Contains("Stages is empty", Refused(options with { Stages = [] }), StringComparison.Ordinal);
        Assert.Contains("BaseRate", Refused(options with { Stages = [options.Stages[0] with { Schedule = LearningRateSchedule.Cosine(double.NaN) }] }), StringComparison.Ordinal);

        string Refused(TrainingOptions bad) => Assert.ThrowsAny<ArgumentException>(() => new SegmentationTrainer(model, bad)).Message;
    }

    [Fact]
    public async Task A_rate_that_is_far_too_high_is_reported_as_divergence()
    {
        using var model = NewModel();
        var options = DrawnScenes.Recipe(50, 1) with { Optimizer = new OptimizerOptions() };
        options = options with { Stages = [options.Stages[0] with { Schedule = LearningRateSchedule.Step(1e30, 1000) }] };

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TrainAsync(model, options));

        Assert.Contains("diverged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_batches_of_statistics_the_running_averages_stay()
    {
        using var model = NewModel();
        await TrainAsync(model, DrawnScenes.Recipe(2, 1) with { StatisticsBatches = 0 }, new Steps(_ => { }, _ => Assert.Fail("No statistics were asked for.")));
        using var other = NewModel();
        await TrainAsync(other, DrawnScenes.Recipe(2, 1));

        Assert.False(model.training);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertEqual(model, other));
    }

    [Theory]
    [InlineData("0 0 0 0")]
    [InlineData("0 2 2 0")]
    [InlineData("1 1 3 10")]
    [InlineData("2 0 3 0")]
    public void Places_of_a_run_are_known(string place) => Assert.True(TrainingPlace.TryParse(place)!.Value.IsIn(DrawnScenes.Recipe(2, 1), mayEndEarly: false));

    [Fact]
    public async Task During_a_run_a_second_one_and_disposing_are_refused_and_a_second_trainer_is_kept_out_of_the_folder()
    {
        using var folder = new TemporaryFolder();
        using var model = NewModel();
        using var other = NewModel();
        var leftover = folder[".deconvnet-1f.tmp"];
        await File.WriteAllTextAsync(leftover, "half", TestContext.Current.CancellationToken);
        using var trainer = new SegmentationTrainer(model, DrawnScenes.Recipe(2, 1, folder.Root), new FixedProposals(Boxes));
        var tries = 0;
        await trainer.TrainAsync(scenes.Dataset, new Steps(step =>
        {
            if (tries++ > 0)
                return;
            Assert.Throws<InvalidOperationException>(() => { _ = trainer.TrainAsync(scenes.Dataset, cancellationToken: TestContext.Current.CancellationToken); });
            Assert.Throws<InvalidOperationException>(trainer.Dispose);
            using var second = new SegmentationTrainer(other, DrawnScenes.Recipe(2, 1, folder.Root), new FixedProposals(Boxes));
            var error = Assert.Throws<IOException>(() => second.TrainAsync(scenes.Dataset, cancellationToken: TestContext.Current.CancellationToken).GetAwaiter().GetResult());
            Assert.Contains("Another training works in", error.Message, StringComparison.Ordinal);
        }), TestContext.Current.CancellationToken);

        Assert.Equal(3, tries);
        Assert.False(File.Exists(leftover));
        Assert.Equal(["checkpoint.safetensors", "log.csv", "loss.png"], Directory.GetFiles(folder.Root).Select(Path.GetFileName).Where(name => !name!.StartsWith("proposals", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task A_canceled_training_ends_canceled()
    {
        using var model = NewModel();
        using var trainer = new SegmentationTrainer(model, DrawnScenes.Recipe(20, 1), new FixedProposals(Boxes));
        using var stop = new CancellationTokenSource();
        var task = trainer.TrainAsync(scenes.Dataset, new Steps(_ => stop.Cancel()), stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.True(task.IsCanceled);
    }

    public void Dispose() => scenes.Dispose();

    private static Steps StopAfter(int iteration, out CancellationTokenSource stop)
    {
        var source = stop = new CancellationTokenSource();
        return new Steps(step =>
        {
            if (step.Iteration == iteration)
                source.Cancel();
        });
    }

    private static DeconvNetModel NewModel()
    {
        random.manual_seed(3);
        return new DeconvNetModel(DrawnScenes.Network);
    }

    /// <summary>The first stage with a second loss at fc7, the second for the encoder alone.</summary>
    private static TrainingOptions WithClassHead(TrainingOptions options) =>
        options with { Stages = [options.Stages[0] with { ClassLossWeight = 0.5 }, options.Stages[1] with { Source = ExampleSource.ObjectClasses }] };

    private static void AssertEqual(DeconvNetModel expected, DeconvNetModel actual)
    {
        using var scope = NewDisposeScope();
        var other = actual.state_dict();
        foreach (var (name, value) in expected.state_dict())
            Assert.True(value.eq(other[name]).all().ToBoolean(), $"{name} differs.");
    }

    private async Task TrainAsync(DeconvNetModel model, TrainingOptions options, IProgress<TrainingProgress>? progress = null, CancellationTokenSource? stop = null)
    {
        using var trainer = new SegmentationTrainer(model, options, new FixedProposals(Boxes));
        await trainer.TrainAsync(scenes.Dataset, progress, stop?.Token ?? TestContext.Current.CancellationToken);
    }

    private sealed class Searching(Action whileSearching) : IProposalGenerator
    {
        private int searched;

        public int Searched => searched;

        public IReadOnlyList<Proposal> Generate(RgbImage image, int maxCount, CancellationToken cancellationToken = default)
        {
            whileSearching();
            Interlocked.Increment(ref searched);
            return Boxes;
        }
    }

    private sealed class Steps(Action<TrainingProgress> report, Action<TrainingProgress>? statistics = null) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => (value.IsStatistics ? statistics : report)?.Invoke(value);
    }
}
