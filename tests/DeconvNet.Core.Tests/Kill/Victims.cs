using System.Security.Cryptography;
using DeconvNet.Datasets;
using DeconvNet.Engine;
using DeconvNet.Evaluation;
using DeconvNet.Networks;
using DeconvNet.Segmentation;
using DeconvNet.Tests.Training;
using DeconvNet.Training;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Kill;

/// <summary>What <see cref="KillTests"/> kills.</summary>
public sealed class Victims
{
    public const string Scenes = "DECONVNET_KILL_SCENES", Output = "DECONVNET_KILL_OUTPUT";

    private const int SpeedColumn = 5;

    [Fact(Explicit = true)]
    public async Task Trains()
    {
        var (scenes, folder) = Folders();
        random.manual_seed(5);
        using var model = new DeconvNetModel(DrawnScenes.Network with { Width = 2, FcChannels = 8 });
        using (var trainer = new SegmentationTrainer(model, DrawnScenes.Recipe(15, 15, folder) with { CheckpointEvery = 1, StatisticsBatches = 30 }))
            await trainer.TrainAsync(scenes, cancellationToken: TestContext.Current.CancellationToken);
        model.Save(Path.Combine(folder, "model.safetensors"));
    }

    [Fact(Explicit = true)]
    public void Evaluates()
    {
        var (scenes, folder) = Folders();
        random.manual_seed(5);
        using var model = new DeconvNetModel(DrawnScenes.Network);
        using var segmenter = model.CreateSegmenter(new ProposalSegmenterOptions { MaxProposals = 4 });
        EvaluationMethod[] methods = [.. Enumerable.Range(0, 20).Select(i => new EvaluationMethod($"method {i}", segmenter))];
        var reports = SegmentationEvaluator.Evaluate(methods, scenes, new EvaluationFolder(folder), cancellationToken: TestContext.Current.CancellationToken);
        foreach (var report in reports)
            File.WriteAllText(Path.Combine(folder, report.Method + ".json"), report.Confusion.ToJson());
    }

    /// <summary>Every file of the folder with a hash of its bytes; speeds and times, which differ from run to run, left out.</summary>
    public static IReadOnlyList<string> Result(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetRelativePath(folder, path)} {Content(path)}"),
    ];

    private static string Content(string path) => (Path.GetFileName(Path.GetDirectoryName(path)), Path.GetFileName(path)) switch
    {
        (_, "log.csv") => string.Join('\n', File.ReadLines(path).Select(WithoutSpeed)),
        ("scores", _) => File.ReadAllText(path).Split("\"counts\"")[1],
        _ => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))),
    };

    private static string WithoutSpeed(string line) => string.Join(',', line.Split(',').Where((_, column) => column != SpeedColumn));

    private static (VocDataset Scenes, string Folder) Folders()
    {
        var (scenes, folder) = (Environment.GetEnvironmentVariable(Scenes), Environment.GetEnvironmentVariable(Output));
        Assert.SkipWhen(scenes is null || folder is null, $"{Scenes} and {Output} are not set: {nameof(KillTests)} sets them.");
        return (new VocDataset(scenes!, "train"), folder!);
    }
}
