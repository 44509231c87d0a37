using System.Diagnostics;
using DeconvNet;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Weights;
using Spectre.Console;

namespace SegmentImage;

internal sealed class SegmentCommand
{
    // Progress goes to the error stream, so that the results can be piped.
    private readonly IAnsiConsole progressConsole = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public required string Photo { get; init; }

    public required string Output { get; init; }

    public string? Overlay { get; init; }

    public string? ProposalPicture { get; init; }

    public string? Weights { get; init; }

    public int? MaxProposals { get; init; }

    public required string Method { get; init; }

    public required string Engine { get; init; }

    public bool Crf { get; init; }

    public void Run(CancellationToken cancellationToken)
    {
        if (Method == "fcn8s" && (Weights ?? ProposalPicture) is not null)
            throw new ArgumentException("fcn8s has its own weights and no proposals: leave out --weights and --show-proposals.");
        CheckOutputs();
        var start = Stopwatch.GetTimestamp();
        var photo = RgbImage.Load(Photo);
        var read = Stopwatch.GetElapsedTime(start);

        start = Stopwatch.GetTimestamp();
        using var network = CreateNetwork();
        using var segmenter = Crf ? network.WithCrf() : network;
        var loaded = Stopwatch.GetElapsedTime(start);

        var result = WithProgress(progress => segmenter.Segment(photo, progress, cancellationToken));
        result.SavePng(Output);
        if (Overlay is not null)
            result.Overlay().SavePng(Overlay);
        if (ProposalPicture is not null)
            BoxPicture.Draw(photo, result.Proposals).SavePng(ProposalPicture);
        Report.Print(Photo, result, read, loaded);
    }

    private ISegmenter CreateNetwork() => Method switch
    {
        "fcn8s" => CreateFcn8s(),
        "edeconvnet" => new EnsembleSegmenter([CreateDeconvNet(), CreateFcn8s()], CompactWeights.Ensemble),
        _ => CreateDeconvNet(),
    };

    private ProposalSegmenter CreateDeconvNet() => EngineSegmenters.DeconvNet(Engine, Weights, ProposalSegmenterOptions.Default with { MaxProposals = MaxProposals });

    private FcnSegmenter CreateFcn8s() => EngineSegmenters.Fcn(Engine, file: null, FcnSegmenterOptions.Default);

    private void CheckOutputs()
    {
        foreach (var path in new[] { Output, Overlay, ProposalPicture }.OfType<string>())
        {
            if (Path.GetFullPath(path) == Path.GetFullPath(Photo))
                throw new ArgumentException($"{path} is the photo itself; name another file to write.");
            CommandLine.RequireFolderOf(path);
        }
    }

    private SegmentationResult WithProgress(Func<IProgress<WorkProgress>, SegmentationResult> segment) =>
        progressConsole.Progress().AutoClear(true).Start(context =>
        {
            var task = context.AddTask("proposals", maxValue: 1);
            return segment(new DirectProgress<WorkProgress>(progress =>
            {
                task.Description = $"{Method}, {progress.Done} of {progress.Total}";
                task.Value = progress.Fraction;
            }));
        });
}
