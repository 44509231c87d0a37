using DeconvNet.Architecture;
using DeconvNet.Engine;
using DeconvNet.Evaluation;
using DeconvNet.Networks;
using DeconvNet.Segmentation;
using DeconvNet.Tests.Support;
using DeconvNet.Training;
using DeconvNet.Training.Optimization;
using DeconvNet.Training.Stages;
using DeconvNet.Weights;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Training;

[Collection(TorchTests.Name)]
public sealed class FcnTrainingTests : IDisposable
{
    private static readonly FcnOptions Network = FcnOptions.Compact with { Width = 4, FcChannels = 24 };

    private readonly DrawnScenes scenes = new();

    [Fact]
    public async Task Whole_photos_teach_an_FCN_what_they_show()
    {
        using var model = NewModel(Network);
        var steps = new List<TrainingProgress>();
        await TrainAsync(model, Recipe(60), new DirectSteps(step =>
        {
            if (!step.IsStatistics)
                steps.Add(step);
        }));

        Assert.False(model.training);
        Assert.True(steps[^1].Loss < steps[0].Loss / 4, $"{steps[0].Loss} → {steps[^1].Loss}");
        Assert.True(steps[^1].PixelAccuracy > 0.9, $"{steps[^1].PixelAccuracy}");

        // The statistics that were measured at the end must do for what the batches gave in training. All background would be 67 %.
        using var segmenter = model.CreateSegmenter(new FcnSegmenterOptions { WorkingSide = 64 });
        var report = segmenter.Evaluate(scenes.Dataset, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(report.Confusion.PixelAccuracy > 0.9, $"{report.Confusion.PixelAccuracy}");
    }

    [Fact]
    public async Task A_resumed_training_with_dropout_equals_an_uninterrupted_one_bit_for_bit()
    {
        var network = Network with { BatchNorm = false, ConvBias = true, Dropout = 0.5, Upsampling = FcnUpsampling.Learned };
        using var whole = NewModel(network);
        await TrainAsync(whole, Recipe(8));

        using var folder = new TemporaryFolder();
        using (var stopped = NewModel(network))
        {
            using var stop = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TrainAsync(stopped, Recipe(8, folder.Root), new DirectSteps(step =>
            {
                if (step.Iteration == 3)
                    stop.Cancel();
            }), stop.Token));
        }

        random.manual_seed(99);
        using var resumed = new FcnModel(network);
        await TrainAsync(resumed, Recipe(8, folder.Root));

        using var scope = NewDisposeScope();
        foreach (var (one, other) in whole.state_dict().Zip(resumed.state_dict()))
            Assert.Equal(Values(one.Value), Values(other.Value));
    }

    [Fact]
    public async Task Fixed_upsampling_stays_bilinear()
    {
        using var model = NewModel(Network);
        var rows = model.Layers.Where(row => row.Kind == LayerKind.Upsampling).ToArray();
        float[][] before = [.. rows.Select(row => Values(model.Kernel(row).Weight))];
        var score = model.Layers.Single(row => row.Name == "score_fr");
        var scoreBefore = Values(model.Kernel(score).Weight);
        await TrainAsync(model, Recipe(2));

        Assert.Equal(before, rows.Select(row => Values(model.Kernel(row).Weight)));
        Assert.NotEqual(scoreBefore, Values(model.Kernel(score).Weight));
    }

    [Fact]
    public async Task The_encoder_of_an_FCN_learns_classes_alone_and_then_all_of_it_objects()
    {
        using var model = NewModel(Network);
        var score = model.Layers.Single(row => row.Name == "score_fr");
        var (untouched, losses) = (Values(model.Kernel(score).Weight), new List<(string Stage, double Loss)>());
        float[]? afterClasses = null;
        var stage = Recipe(40).Stages[0] with { Source = ExampleSource.ObjectCrops, ClassLossWeight = 0.5, ResizeFactor = 1, Accumulation = 1 };
        await TrainAsync(model, Recipe(1) with { Stages = [stage with { Name = "classes", Source = ExampleSource.ObjectClasses }, stage] }, new DirectSteps(step =>
        {
            if (step.IsStatistics)
                return;
            losses.Add((step.Stage, step.Loss));
            if (losses.Count == 40)
                afterClasses = Values(model.Kernel(score).Weight);
        }));

        Assert.Equal(untouched, afterClasses);
        Assert.NotEqual(untouched, Values(model.Kernel(score).Weight));
        foreach (var each in losses.GroupBy(step => step.Stage, step => step.Loss))
            Assert.True(each.TakeLast(5).Average() < each.Take(5).Average() / 2, $"{each.Key}: {each.Take(5).Average()} → {each.TakeLast(5).Average()}");
    }

    [Fact]
    public void The_stages_of_a_staged_training_go_on_from_the_coarser_network()
    {
        using var folder = new TemporaryFolder();
        using var coarse = NewModel(Network with { Stride = FcnStride.ThirtyTwo });
        using (no_grad())
            nn.init.normal_(coarse.Kernel(coarse.Layers.Single(row => row.Name == "score_fr")).Weight);
        coarse.Save(folder["fcn32s.safetensors"]);
        using var fine = new FcnModel(Network with { Stride = FcnStride.Sixteen });
        fine.LoadMatching(folder["fcn32s.safetensors"]);
        coarse.eval();
        fine.eval();

        // The new skip is zero: but for how it enlarges them, the scores are those of before.
        using var scope = NewDisposeScope();
        var photo = randn(1, 3, 96, 96) * 50;
        var (one, other) = (coarse.forward(photo), fine.forward(photo));
        Assert.True((one - other).pow(2).mean().item<float>() < 0.1 * one.pow(2).mean().item<float>());
        Assert.True(one.abs().max().item<float>() > 0.1);
    }

    [Fact]
    public void A_stage_must_fit_the_network()
    {
        using var fcn = new FcnModel(Network);
        using var deconvNet = new DeconvNetModel(DrawnScenes.Network);
        var stage = Recipe(1).Stages[0];

        Assert.Contains("has no InputSize", Refused(fcn, stage with { InputSize = null }), StringComparison.Ordinal);
        Assert.Contains("InputSize 64; the network takes 32 only", Refused(deconvNet, stage), StringComparison.Ordinal);
        Assert.Contains("InputSize is 0", Refused(fcn, stage with { InputSize = 0 }), StringComparison.Ordinal);
        new SegmentationTrainer(deconvNet, Recipe(1) with { Stages = [stage with { InputSize = 32 }] }).Dispose();

        static string Refused(SegmentationModel model, TrainingStage stage) =>
            Assert.ThrowsAny<ArgumentException>(() => new SegmentationTrainer(model, Recipe(1) with { Stages = [stage] })).Message;
    }

    public void Dispose() => scenes.Dispose();

    private static float[] Values(Tensor tensor) => tensor.data<float>().ToArray();

    private static FcnModel NewModel(FcnOptions options)
    {
        random.manual_seed(3);
        return new FcnModel(options);
    }

    private static TrainingOptions Recipe(int iterations, string? folder = null)
    {
        var recipe = TrainingOptions.CompactFcn(iterations);
        return recipe with
        {
            Stages = [recipe.Stages[0] with { InputSize = 64, BatchSize = 4, ScaleJitter = 1.1, Schedule = LearningRateSchedule.Cosine(1e-2) }],
            CheckpointEvery = 2,
            StatisticsBatches = 4,
            StatisticsBatchSize = 8,
            Folder = folder,
        };
    }

    private async Task TrainAsync(FcnModel model, TrainingOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken? stop = null)
    {
        using var trainer = new SegmentationTrainer(model, options);
        await trainer.TrainAsync(scenes.Dataset, progress, stop ?? TestContext.Current.CancellationToken);
    }

    private sealed class DirectSteps(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
