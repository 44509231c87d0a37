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

    public required IReadOnlyList<string> Photos { get; init; }

    /// <summary>Files for one photo, folders for a batch.</summary>
    public required ResultFiles Results { get; init; }

    public bool Overwrite { get; init; }

    public string? Weights { get; init; }

    public int? MaxProposals { get; init; }

    public required string Method { get; init; }

    public required string Engine { get; init; }

    public bool Crf { get; init; }

    /// <returns>The exit code: 0 unless a photo of a batch failed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (Method == "fcn8s" && (Weights ?? Results.ProposalPicture) is not null)
            throw new ArgumentException("fcn8s has its own weights and no proposals: leave out --weights and --show-proposals.");
        if (!PhotoList.IsOne(Photos))
            return await RunBatchAsync(cancellationToken);

        RunOne(Photos[0], cancellationToken);
        return 0;
    }

    private void RunOne(string path, CancellationToken cancellationToken)
    {
        Results.RequireWritable(path);
        var start = Stopwatch.GetTimestamp();
        var photo = RgbImage.Load(path);
        var read = Stopwatch.GetElapsedTime(start);

        start = Stopwatch.GetTimestamp();
        using var segmenter = CreateSegmenter();
        var loaded = Stopwatch.GetElapsedTime(start);

        var result = WithProgress(progress => segmenter.Segment(photo, progress, cancellationToken));
        Results.Write(photo, result);
        Report.Print(path, result, read, loaded);
    }

    private async Task<int> RunBatchAsync(CancellationToken cancellationToken)
    {
        var photos = PhotoList.Of(Photos);
        Results.RequireWritableFolders(photos);
        using var batch = new Batch(CreateSegmenter, Results) { Overwrite = Overwrite };
        return await batch.RunAsync(photos, progressConsole, cancellationToken);
    }

    private ISegmenter CreateSegmenter()
    {
        var network = CreateNetwork();
        return Crf ? network.WithCrf() : network;
    }

    private ISegmenter CreateNetwork() => Method switch
    {
        "fcn8s" => CreateFcn8s(),
        "edeconvnet" => new EnsembleSegmenter([CreateDeconvNet(), CreateFcn8s()], CompactWeights.Ensemble),
        _ => CreateDeconvNet(),
    };

    private ProposalSegmenter CreateDeconvNet() => EngineSegmenters.DeconvNet(Engine, Weights, ProposalSegmenterOptions.Default with { MaxProposals = MaxProposals });

    private FcnSegmenter CreateFcn8s() => EngineSegmenters.Fcn(Engine, file: null, FcnSegmenterOptions.Default);

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
