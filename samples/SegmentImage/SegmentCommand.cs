using System.Diagnostics;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Segmentation;
using DeconvNet.Weights;
using Spectre.Console;

namespace SegmentImage;

internal sealed class SegmentCommand
{
    // The progress goes to the error stream, so that the results can be piped.
    private readonly IAnsiConsole progressConsole = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public required string Photo { get; init; }

    public required string Output { get; init; }

    public string? Overlay { get; init; }

    public string? ProposalPicture { get; init; }

    public string? Weights { get; init; }

    public int MaxProposals { get; init; }

    public void Run(CancellationToken cancellationToken)
    {
        CheckOutputs();
        var start = Stopwatch.GetTimestamp();
        var photo = RgbImage.Load(Photo);
        var read = Stopwatch.GetElapsedTime(start);

        start = Stopwatch.GetTimestamp();
        using var model = Weights is null ? CompactWeights.Load() : DeconvNetModel.Load(Weights);
        using var segmenter = new ProposalSegmenter(model, ProposalSegmenterOptions.Default with { MaxProposals = MaxProposals });
        var loaded = Stopwatch.GetElapsedTime(start);

        var result = WithProgress(progress => segmenter.Segment(photo, progress, cancellationToken));
        result.SavePng(Output);
        if (Overlay is not null)
            result.Overlay().SavePng(Overlay);
        if (ProposalPicture is not null)
            BoxPicture.Draw(photo, result.Proposals).SavePng(ProposalPicture);
        Report.Print(Photo, result, read, loaded);
    }

    private void CheckOutputs()
    {
        foreach (var path in new[] { Output, Overlay, ProposalPicture }.OfType<string>())
        {
            if (Path.GetFullPath(path) == Path.GetFullPath(Photo))
                throw new ArgumentException($"{path} is the photo itself; name another file to write.");
            CommandLine.RequireFolderOf(path);
        }
    }

    private SegmentationResult WithProgress(Func<IProgress<SegmentationProgress>, SegmentationResult> segment) =>
        progressConsole.Progress().AutoClear(true).Start(context =>
        {
            var task = context.AddTask("proposals", maxValue: 1);
            return segment(new DirectProgress<SegmentationProgress>(progress =>
            {
                task.Description = $"network, {progress.Done} of {progress.Total} crops";
                task.Value = progress.Fraction;
            }));
        });
}
