using DeconvNet.Engine;
using DeconvNet.Evaluation;
using DeconvNet.Evaluation.Metrics;
using DeconvNet.Evaluation.Reports;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Masks;
using DeconvNet.Networks;
using DeconvNet.Proposals;
using DeconvNet.Proposals.Files;
using DeconvNet.Proposals.Ranking;
using DeconvNet.Segmentation;
using DeconvNet.Tests.Kill;
using DeconvNet.Tests.Support;
using DeconvNet.Tests.Training;
using DeconvNet.Training;
using DeconvNet.Training.Distillation;
using static TorchSharp.torch;

namespace DeconvNet.Tests.FullDisk;

/// <summary>Every writer on a full disk: the exception names the user's file, nothing half-written stays, and long work resumes once there is room.</summary>
[Collection(TorchTests.Name)]
public sealed class FullDiskTests : IDisposable
{
    private readonly SmallDisk disk = SmallDisk.Mount();
    private readonly DrawnScenes scenes = new();
    private readonly DeconvNetModel model;

    public FullDiskTests()
    {
        random.manual_seed(5);
        model = new DeconvNetModel(DrawnScenes.Network);
        model.eval();
    }

    private static RgbImage Photo { get; } = new(20, 10, new byte[600]);

    private static LabelMap Labels { get; } = new(20, 10, new byte[200]);

    private static KeyValuePair<string, IReadOnlyList<Proposal>>[] Boxes { get; } = [new("photo", [new Proposal(new PixelBox(1, 2, 7, 8), 0.5f)])];

    public static TheoryData<string> Writers => [.. All.Keys];

    private static Dictionary<string, Action<FullDiskTests, string>> All { get; } = new()
    {
        ["photo.png"] = (_, path) => Photo.SavePng(path),
        ["photo-async.png"] = (_, path) => Photo.SavePngAsync(path).GetAwaiter().GetResult(),
        ["labels.png"] = (_, path) => Labels.SavePng(path),
        ["labels-async.png"] = (_, path) => Labels.SavePngAsync(path).GetAwaiter().GetResult(),
        ["result.png"] = (_, path) => new SegmentationResult(Photo, Labels, ["background", "thing"]).SavePng(path),
        ["mask.png"] = (_, path) => new BinaryMask(20, 10, new bool[200]).SavePng(path),
        ["probability.png"] = (_, path) => new ProbabilityMap(20, 10, new float[200]).SavePng(path),
        ["cutout.png"] = (_, path) => new RgbaImage(20, 10, new byte[800]).SavePng(path),
        ["coco.json"] = (_, path) => CocoFile.Save(path, [new("photo.jpg", new SegmentationResult(Photo, Labels, ["background", "thing"]))]),
        ["report.json"] = (_, path) => new EvaluationReport(["background", "thing"], new ConfusionMatrix(2)).SaveJson(path),
        ["boxes.json"] = (_, path) => ProposalFile.Save(path, Boxes),
        ["boxes.csv"] = (_, path) => ProposalFile.Save(path, Boxes),
        ["photo.mat"] = (_, path) => ProposalFile.SaveMatlab(Path.GetDirectoryName(path)!, Boxes, _ => Photo.Size),
        ["ranker.bin"] = (_, path) => ProposalRanker.Default.Save(path),
        ["model.safetensors"] = (tests, path) => tests.model.Save(path),
        ["model.caffemodel"] = (tests, path) => tests.model.SaveCaffemodel(path),
        ["soft.npz"] = (tests, path) =>
        {
            using var segmenter = tests.NewSegmenter();
            SoftTargets.Create(tests.scenes.Dataset, segmenter, path);
        },
    };

    [Theory]
    [MemberData(nameof(Writers))]
    public void A_writer_names_the_file_and_leaves_nothing(string name)
    {
        disk.Fill();
        var error = Assert.Throws<IOException>(() => All[name](this, disk[name]));
        Assert.Contains(disk[name], error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", error.Message, StringComparison.Ordinal);
        Assert.Empty(disk.Files());

        // The same with room, so that what was refused was the disk.
        disk.Free();
        All[name](this, disk[name]);
        Assert.Equal([name], disk.Files());
    }

    [Fact]
    public void An_older_file_stays_as_it_was()
    {
        Labels.SavePng(disk["labels.png"]);
        var before = File.ReadAllBytes(disk["labels.png"]);
        disk.Fill();
        Assert.Throws<IOException>(() => new LabelMap(20, 10, [.. Enumerable.Range(0, 200).Select(i => (byte)i)]).SavePng(disk["labels.png"]));
        Assert.Equal(before, File.ReadAllBytes(disk["labels.png"]));
    }

    [Fact]
    public async Task A_training_goes_on_once_there_is_room()
    {
        using var undisturbed = new TemporaryFolder();
        await TrainAsync(undisturbed.Root);

        await Assert.ThrowsAsync<IOException>(() => TrainAsync(disk["run"], step => step == 7 ? disk.Fill : null));
        disk.Free();
        await TrainAsync(disk["run"]);
        Assert.Equal(Victims.Result(undisturbed.Root), Victims.Result(disk["run"]));
    }

    [Fact]
    public void An_evaluation_goes_on_once_there_is_room()
    {
        using var undisturbed = new TemporaryFolder();
        Evaluate(undisturbed.Root);

        Assert.Throws<IOException>(() => Evaluate(disk["run"], image => image == 2 ? disk.Fill : null));
        disk.Free();
        Evaluate(disk["run"]);
        Assert.Equal(Victims.Result(undisturbed.Root), Victims.Result(disk["run"]));
    }

    public void Dispose()
    {
        model.Dispose();
        scenes.Dispose();
        disk.Dispose();
    }

    private ProposalSegmenter NewSegmenter() => model.CreateSegmenter(new ProposalSegmenterOptions { MaxProposals = 3 });

    private async Task TrainAsync(string folder, Func<int, Action?>? after = null)
    {
        random.manual_seed(5);
        using var fresh = new DeconvNetModel(DrawnScenes.Network with { Width = 2, FcChannels = 8 });
        using var trainer = new SegmentationTrainer(fresh, DrawnScenes.Recipe(6, 6, folder) with { CheckpointEvery = 2 });
        var steps = 0;
        await trainer.TrainAsync(scenes.Dataset, new Steps<TrainingProgress>(() => after?.Invoke(++steps)?.Invoke()), TestContext.Current.CancellationToken);
    }

    private void Evaluate(string folder, Func<int, Action?>? after = null)
    {
        using var segmenter = NewSegmenter();
        var images = 0;
        SegmentationEvaluator.Evaluate(
            [new EvaluationMethod("method", segmenter)], scenes.Dataset, new EvaluationFolder(folder), new Steps<EvaluationProgress>(() => after?.Invoke(++images)?.Invoke()), TestContext.Current.CancellationToken);
    }

    private sealed class Steps<T>(Action report) : IProgress<T>
    {
        public void Report(T value) => report();
    }
}
