using System.Diagnostics;
using System.Globalization;
using DeconvNet.Datasets;
using DeconvNet.Mpi;
using DeconvNet.Networks;
using DeconvNet.Runtime;
using DeconvNet.Training;
using DeconvNet.Training.Logging;
using DeconvNet.Weights;
using Spectre.Console;
using TorchSharp;

namespace Train;

/// <summary>One training from data to weights, loss log and picture.</summary>
internal sealed class TrainingRun
{
    public required ISegmentationDataset Data { get; init; }

    public required string Output { get; init; }

    public required Func<IReadOnlyList<string>, SegmentationModel> Network { get; init; }

    public required TrainingOptions Options { get; init; }

    public string? StartFrom { get; init; }

    public string? Vgg { get; init; }

    public required TeacherFiles Teacher { get; init; }

    public double HoldOut { get; init; }

    /// <summary>Steps between two validations on the images left out; null for none.</summary>
    public int? ValidateEvery { get; init; }

    public int? Patience { get; init; }

    public bool UseCuda { get; init; }

    /// <summary>How the ranks of this run find each other; null where this process trains alone.</summary>
    public MpiOptions? Mpi { get; init; }

    public required string CommandLine { get; init; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TorchRuntime.EnsureUsable();
        if (UseCuda && !TorchRuntime.Check().IsCudaAvailable)
            throw new InvalidOperationException($"There is no GPU to train on: {TorchRuntime.Check().Message}");
        using var ranks = Mpi is null ? null : MpiCommunicator.Start(Mpi);
        if (ranks is { Rank: > 0 })
            AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });
        if (ranks is not null)
            AnsiConsole.MarkupLineInterpolated($"{ranks.Size} ranks, {ranks.LocalSize} on this machine, {ranks.ShareCores()} threads each ({ranks.Library})");
        var isFirst = ranks is null or { Rank: 0 };
        var split = HoldOut > 0 ? Data.Split(HoldOut, seed: 1) : null;
        var (data, heldOut) = (split?.Training ?? Data, split?.HeldOut);
        var validation = ValidateEvery is { } every
            ? new Validation(heldOut ?? throw new ArgumentException("--validate-every needs images that are left out: --hold-out.")) { Every = every, Patience = Patience }
            : null;
        AnsiConsole.MarkupLineInterpolated($"[bold]{data.Count}[/] images to train on, {heldOut?.Count ?? 0} left out");

        torch.random.manual_seed(Options.Seed);
        using var model = Network(data.ClassNames);
        if (model.LoadReport is { } report)
            AnsiConsole.MarkupLineInterpolated($"{report.Loaded.Count} tensors of the built-in weights; new for these classes: {string.Join(", ", report.Kept)}");
        if (StartFrom is not null)
            AnsiConsole.MarkupLineInterpolated($"{model.LoadMatching(StartFrom).Loaded.Count} tensors loaded from {StartFrom}");
        if (Vgg is not null)
            AnsiConsole.MarkupLineInterpolated($"The encoder starts from {Vgg}: {model.LoadVgg16(Vgg).Loaded.Count} tensors");
        if (UseCuda)
            model.to(ranks?.ShareGpus() ?? torch.CUDA);

        using var files = Teacher;
        var teacher = RankOrder.FirstAlone(ranks, () => Teacher.Load(data, Output, UseCuda, cancellationToken));
        var options = Teacher.Apply(Options);
        using var trainer = new SegmentationTrainer(model, options, teacher: teacher, validation: validation, communicator: ranks);
        if (isFirst)
            OutputPath.RequireWritableFolder(Output);
        if (heldOut is not null && isFirst)
            await File.WriteAllLinesAsync(Path.Combine(Output, "held-out.txt"), heldOut.Ids, cancellationToken);
        var watch = Stopwatch.StartNew();
        var before = ranks?.CommunicationTime;
        if (isFirst)
            await TrainingDisplay.ShowAsync(progress => trainer.TrainAsync(data, progress, cancellationToken), options);
        else
            await trainer.TrainAsync(data, cancellationToken: cancellationToken);
        if (ranks is not null)
            AnsiConsole.MarkupLineInterpolated($"Exchanges between the ranks took {(ranks.CommunicationTime - before!.Value) / watch.Elapsed:P0} of {watch.Elapsed.TotalSeconds:0.0} s.");
        RankOrder.FirstOnly(ranks, () => Save(model, data, heldOut?.Count ?? 0, teacher is not null));
        if (isFirst && validation is not null)
            TellBest();
    }

    private void TellBest()
    {
        LossLogEntry[] looks = [.. LossLog.Read(Path.Combine(Output, LossLog.FileName)).Where(step => !double.IsNaN(step.MeanIoU))];
        if (looks.Length == 0)
            return;
        var best = looks.MaxBy(step => step.MeanIoU);
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Best on the images left out: mean IoU {100 * best.MeanIoU:0.0} % in stage {best.Stage} at step {best.Iteration}, [bold]{Path.Combine(Output, Validation.BestFileName)}[/].");
    }

    private void Save(SegmentationModel model, ISegmentationDataset data, int heldOut, bool isDistilled)
    {
        model.to(DeviceType.CPU);
        var weights = Path.Combine(Output, "model.safetensors");
        model.Save(weights, new WeightsInfo
        {
            Name = Name(model),
            License = "MIT",
            Citation = model is FcnModel
                ? "Long, Shelhamer, Darrell: Fully Convolutional Networks for Semantic Segmentation, CVPR 2015"
                : "Noh, Hong, Han: Learning Deconvolution Network for Semantic Segmentation, ICCV 2015",
            Recipe = $"samples/Train {CommandLine}",
            // An FCN is used at the size at which it was trained.
            Inference = model is FcnModel ? model.Info.Inference with { WorkingSide = Options.Stages[^1].InputSize } : model.Info.Inference,
            Notes = string.Create(CultureInfo.InvariantCulture, $"Trained on {data.Count} images ({data.Name}), {heldOut} left out.{(isDistilled ? $" Distilled from {string.Join(", ", Teacher.Paths.Select(Path.GetFileName))}." : "")}"),
        });
        AnsiConsole.MarkupLineInterpolated($"Wrote [bold]{weights}[/].");
    }

    private static string Name(SegmentationModel model) => model switch
    {
        FcnModel fcn => $"FCN-{(int)fcn.Options.Stride}s, width {fcn.Options.Width}",
        DeconvNetModel { Options: var options } => $"DeconvNet, width {options.Width}, input {options.InputSize}",
        _ => model.GetType().Name,
    };
}
