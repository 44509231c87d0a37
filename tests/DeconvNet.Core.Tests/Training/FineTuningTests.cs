using DeconvNet.Architecture;
using DeconvNet.Datasets;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Tests.Datasets;
using DeconvNet.Tests.Segmentation;
using DeconvNet.Tests.Support;
using DeconvNet.Training;
using DeconvNet.Training.Logging;
using DeconvNet.Weights;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Training;

[Collection(TorchTests.Name)]
public sealed class FineTuningTests : IDisposable
{
    private readonly DrawnScenes scenes = new();

    public void Dispose() => scenes.Dispose();

    [Fact]
    public void A_network_for_other_classes_keeps_all_but_what_names_them_and_known_names_keep_their_weights()
    {
        using var trained = new DeconvNetModel(DrawnScenes.Network);

        using var model = trained.WithClasses(["background", "robot", "person"]);

        Assert.Equal(["background", "robot", "person"], model.ClassNames);
        var report = model.LoadReport!;
        Assert.Equal(["seg-score-voc.weight", "seg-score-voc.bias"], report.Kept);
        Assert.Equal(report.Kept, report.Mismatched.Select(entry => entry.Name));
        using var scope = NewDisposeScope();
        var (old, fresh) = (trained.state_dict(), model.state_dict());
        foreach (var (name, value) in old.Where(entry => entry.Value.shape.SequenceEqual(fresh[entry.Key].shape)))
            Assert.True(Same(value, fresh[name]), name);
        var (from, to) = (old.Single(entry => entry.Value.dim() == 4 && entry.Value.shape[0] == 21).Value, fresh.Single(entry => entry.Value.dim() == 4 && entry.Value.shape[0] == 3).Value);
        Assert.True(Same(from[15], to[2]));
        Assert.True(Same(from[0], to[0]));
        Assert.False(Same(from[1], to[1]));
    }

    [Fact]
    public void An_FCN_for_other_classes_enlarges_them_bilinearly()
    {
        var options = new FcnOptions { Width = 8, FcChannels = 16 };
        using var trained = new FcnModel(options);

        using var model = trained.WithClasses(["background", "cat"]);
        using var made = new FcnModel(options with { ClassCount = 2 });

        Assert.All(model.LoadReport!.Kept, name => Assert.Matches("score|upscore|fr", name));
        var upsampling = model.Layers.Last(row => row.Kind == LayerKind.Upsampling);
        Assert.True(Same(model.Kernel(upsampling).Weight, made.Kernel(upsampling).Weight));
    }

    [Fact]
    public void The_recipes_fit_their_networks_and_spare_the_encoder_at_first()
    {
        using var crops = new DeconvNetModel(DrawnScenes.Network);
        using var whole = new FcnModel(new FcnOptions { Width = 8, FcChannels = 16 });

        foreach (var (model, recipe) in new (SegmentationModel, TrainingOptions)[] { (crops, TrainingOptions.FineTune()), (whole, TrainingOptions.FineTuneFcn()) })
        {
            using var trainer = new SegmentationTrainer(model, recipe);
            Assert.Equal([true, false], recipe.Stages.Select(stage => stage.FreezeEncoder));
            Assert.True(recipe.Stages[1].Schedule.BaseRate < recipe.Stages[0].Schedule.BaseRate);
        }
    }

    [Fact]
    public async Task Data_of_other_classes_are_refused()
    {
        using var model = new DeconvNetModel(DrawnScenes.Network with { ClassCount = 2 }, ["background", "dog"]);
        using var trainer = new SegmentationTrainer(model, TrainingOptions.FineTune());
        using var cats = new FolderSet().With("a", 1);

        var error = await Assert.ThrowsAsync<ArgumentException>(() => trainer.TrainAsync(new FolderDataset(cats.Root, ["background", "cat"]), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("background, cat; the model has background, dog", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_names_are_refused()
    {
        using var trained = new DeconvNetModel(DrawnScenes.Network);
        Assert.Throws<ArgumentException>(() => trained.WithClasses(["a", "a"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => trained.WithClasses(["a"]));
    }

    [Fact]
    public async Task A_frozen_encoder_stays_bit_for_bit_and_learns_afterward()
    {
        using var model = new DeconvNetModel(DrawnScenes.Network);
        var recipe = DrawnScenes.Recipe(3, 2);
        using var scope = NewDisposeScope();
        var before = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());

        await TrainAsync(model, recipe with { Stages = [recipe.Stages[0] with { FreezeEncoder = true }], StatisticsBatches = 3 });

        var after = model.state_dict();
        Assert.All(before.Where(entry => IsEncoder(entry.Key)), entry => Assert.True(Same(entry.Value, after[entry.Key]), entry.Key));
        Assert.Contains(before, entry => !IsEncoder(entry.Key) && !Same(entry.Value, after[entry.Key]));
        Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad));

        await TrainAsync(model, recipe with { Stages = [recipe.Stages[0] with { FreezeEncoder = true }, recipe.Stages[1]] });
        Assert.Contains(before, entry => IsEncoder(entry.Key) && !Same(entry.Value, model.state_dict()[entry.Key]));
    }

    [Fact]
    public async Task Frozen_batch_norm_keeps_weights_and_statistics()
    {
        using var model = new DeconvNetModel(DrawnScenes.Network);
        var recipe = DrawnScenes.Recipe(2, 1);
        using var scope = NewDisposeScope();
        var before = model.state_dict().Where(entry => entry.Key.Contains("bn", StringComparison.Ordinal)).ToDictionary(entry => entry.Key, entry => entry.Value.clone());

        await TrainAsync(model, recipe with { Stages = [.. recipe.Stages.Select(stage => stage with { FreezeBatchNorm = true })] });

        Assert.NotEmpty(before);
        Assert.All(before, entry => Assert.True(Same(entry.Value, model.state_dict()[entry.Key]), entry.Key));
    }

    [Fact]
    public async Task Validations_are_logged_and_the_best_network_is_kept()
    {
        using var folder = new TemporaryFolder();
        using var model = new DeconvNetModel(DrawnScenes.Network);
        var seen = new List<double>();

        await TrainAsync(model, DrawnScenes.Recipe(4, 3, folder.Root), new Validation(scenes.Dataset) { Every = 2 }, step =>
        {
            if (!double.IsNaN(step.MeanIoU))
                seen.Add(step.MeanIoU);
        });

        var looks = LossLog.Read(folder["log.csv"]).Where(entry => !double.IsNaN(entry.MeanIoU)).ToArray();
        Assert.Equal(["stage1 2", "stage1 4", "stage2 2", "stage2 3"], looks.Select(entry => $"{entry.Stage} {entry.Iteration}"));
        Assert.Equal(seen, looks.Select(entry => entry.MeanIoU));
        using var best = DeconvNetModel.Load(folder[Validation.BestFileName]);
        var accuracy = best.Info.Metrics["validation"];
        Assert.Equal(scenes.Dataset.Count, accuracy.ImageCount);
        Assert.True(accuracy.MeanIoU >= seen.Max());
    }

    [Fact]
    public async Task A_stage_without_progress_ends_early_and_the_finished_run_is_recognized()
    {
        using var folder = new TemporaryFolder();
        using var model = new DeconvNetModel(DrawnScenes.Network);
        var recipe = DrawnScenes.Recipe(40, 2, folder.Root);

        // At a rate of nearly 0 nothing improves.
        recipe = recipe with { Stages = [.. recipe.Stages.Select(stage => stage with { Schedule = stage.Schedule with { BaseRate = 1e-12 } })], StatisticsBatches = 2 };
        var validation = new Validation(scenes.Dataset) { Every = 1, Patience = 3 };
        await TrainAsync(model, recipe, validation);

        var rows = LossLog.Read(folder["log.csv"]);
        Assert.InRange(rows.Count(entry => entry.Stage == "stage1"), 4, 39);
        Assert.Equal(2, rows.Count(entry => entry.Stage == "stage2"));
        await TrainAsync(model, recipe, validation, _ => Assert.Fail("There was nothing left to do."));
    }

    [Fact]
    public void Validation_on_other_classes_or_without_masks_is_refused()
    {
        using var model = new DeconvNetModel(DrawnScenes.Network with { ClassCount = 2 }, ["background", "x"]);
        Assert.Contains("aeroplane", Assert.Throws<ArgumentException>(() => new SegmentationTrainer(model, DrawnScenes.Recipe(1, 1), validation: new Validation(scenes.Dataset))).Message, StringComparison.Ordinal);
        using var voc = new DeconvNetModel(DrawnScenes.Network);
        Assert.Throws<ArgumentException>(() => new SegmentationTrainer(voc, DrawnScenes.Recipe(1, 1), validation: new Validation(scenes.Dataset.Take(0))));
        Assert.Throws<ArgumentOutOfRangeException>("Every", () => new SegmentationTrainer(voc, DrawnScenes.Recipe(1, 1), validation: new Validation(scenes.Dataset) { Every = 0 }));
    }

    private static bool Same(Tensor a, Tensor b) => a.allclose(b, 0, 0);

    private static bool IsEncoder(string name) => (name.StartsWith("conv", StringComparison.Ordinal) || name.StartsWith("bn", StringComparison.Ordinal) || name.StartsWith("fc", StringComparison.Ordinal) || name.StartsWith("bnfc", StringComparison.Ordinal))
        && !name.Contains("deconv", StringComparison.Ordinal);

    private async Task TrainAsync(DeconvNetModel model, TrainingOptions options, Validation? validation = null, Action<TrainingProgress>? report = null)
    {
        using var trainer = new SegmentationTrainer(model, options, new GivenBoxes(new PixelBox(4, 4, 60, 60)), validation: validation);
        await trainer.TrainAsync(scenes.Dataset, new Steps(report ?? (_ => { })), TestContext.Current.CancellationToken);
    }

    private sealed class Steps(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
