using System.Globalization;
using DeconvNet.Datasets;
using DeconvNet.Networks;
using DeconvNet.Runtime;
using DeconvNet.Training;
using DeconvNet.Weights;
using Spectre.Console;
using TorchSharp;

namespace TrainVoc;

/// <summary>One training from data to weights, loss log and picture.</summary>
internal sealed class TrainingRun
{
    public required string Voc { get; init; }

    public required string Output { get; init; }

    public required string ImageSet { get; init; }

    public required Func<IReadOnlyList<string>, SegmentationModel> Network { get; init; }

    public required TrainingOptions Options { get; init; }

    public string? StartFrom { get; init; }

    public string? Vgg { get; init; }

    public required TeacherFiles Teacher { get; init; }

    public double HoldOut { get; init; }

    public bool UseCuda { get; init; }

    public required string CommandLine { get; init; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TorchRuntime.EnsureUsable();
        if (UseCuda && !TorchRuntime.Check().IsCudaAvailable)
            throw new InvalidOperationException($"There is no GPU to train on: {TorchRuntime.Check().Message}");
        ISegmentationDataset all = new VocDataset(Voc, ImageSet);
        var split = HoldOut > 0 ? all.Split(HoldOut, seed: 1) : null;
        var (data, heldOut) = (split?.Training ?? all, split?.HeldOut);
        AnsiConsole.MarkupLineInterpolated($"[bold]{data.Count}[/] images to train on, {heldOut?.Count ?? 0} left out");

        torch.random.manual_seed(Options.Seed);
        using var model = Network(data.ClassNames);
        if (StartFrom is not null)
            AnsiConsole.MarkupLineInterpolated($"{model.LoadMatching(StartFrom).Loaded.Count} tensors loaded from {StartFrom}");
        if (Vgg is not null)
            AnsiConsole.MarkupLineInterpolated($"The encoder starts from {Vgg}: {model.LoadVgg16(Vgg).Loaded.Count} tensors");
        if (UseCuda)
            model.to(DeviceType.CUDA);

        using var files = Teacher;
        var teacher = Teacher.Load(data, Output, UseCuda, cancellationToken);
        var options = Teacher.Apply(Options);
        using var trainer = new SegmentationTrainer(model, options, teacher: teacher);
        OutputPath.RequireWritableFolder(Output);
        if (heldOut is not null)
            await File.WriteAllLinesAsync(Path.Combine(Output, "held-out.txt"), heldOut.Ids, cancellationToken);
        await TrainingDisplay.ShowAsync(progress => trainer.TrainAsync(data, progress, cancellationToken), options);

        model.to(DeviceType.CPU);
        var weights = Path.Combine(Output, "model.safetensors");
        model.Save(weights, new WeightsInfo
        {
            Name = Name(model),
            License = "MIT",
            Citation = model is FcnModel
                ? "Long, Shelhamer, Darrell: Fully Convolutional Networks for Semantic Segmentation, CVPR 2015"
                : "Noh, Hong, Han: Learning Deconvolution Network for Semantic Segmentation, ICCV 2015",
            Recipe = $"samples/TrainVoc {CommandLine}",
            // An FCN is used at the size at which it was trained.
            Inference = model is FcnModel ? model.Info.Inference with { WorkingSide = Options.Stages[^1].InputSize } : model.Info.Inference,
            Notes = string.Create(CultureInfo.InvariantCulture, $"Trained on {data.Count} images of PASCAL VOC 2012 ({ImageSet}), {heldOut?.Count ?? 0} left out.{(teacher is null ? "" : $" Distilled from {string.Join(", ", Teacher.Paths.Select(Path.GetFileName))}.")}"),
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
