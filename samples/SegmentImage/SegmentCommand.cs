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

    /// <summary>The part of a batch that is done; null for all of it.</summary>
    public Shard? Shard { get; init; }

    /// <summary>Whether the parts of a batch are checked to be all there, instead of anything being segmented.</summary>
    public bool Merges { get; init; }

    public string? Weights { get; init; }

    public int? MaxProposals { get; init; }

    public required string Method { get; init; }

    public required string Engine { get; init; }

    public bool Crf { get; init; }

    /// <returns>The exit code: 0 unless a photo of a batch failed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (Method == "fcn8s" && Results.ProposalPicture is not null)
            throw new ArgumentException("fcn8s has no proposals: leave out --show-proposals.");
        if (Merges && Shard is not null)
            throw new ArgumentException("--merge takes all parts: leave out --shard.");
        if (Results.Coco is not null && (Merges || Shard is not null))
            throw new ArgumentException("--coco writes one file for all photos: leave out --shard and --merge.");
        if (Results.CutoutClasses is not null && Results.Cutout is null)
            throw new ArgumentException("--cutout-classes needs --cutout, which says where to write.");
        if (!PhotoList.IsOne(Photos))
            return await RunBatchAsync(cancellationToken);
        if (Merges || Shard is not null)
            throw new ArgumentException("--shard and --merge are for batches: name a folder, a pattern or several photos.");

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
        Results.Write(result);
        if (Results.Coco is not null)
            CocoFile.Save(Results.Coco, [new(Path.GetFileName(path), result)]);
        Report.Print(path, result, read, loaded);
    }

    private async Task<int> RunBatchAsync(CancellationToken cancellationToken)
    {
        var all = PhotoList.Of(Photos);
        string[] names = [.. all.Select(photo => photo.Name)];
        if (Merges)
        {
            RequireComplete(all, names);
            return 0;
        }

        var photos = Shard?.Of(all) ?? all;
        Results.RequireWritableFolders(all);
        if (Shard is not null)
            ShardManifest.RequireSameWork(Results.Labels, names, Work());
        using var batch = new Batch(CreateSegmenter, Results) { Overwrite = Overwrite };
        var exitCode = await batch.RunAsync(photos, progressConsole, cancellationToken);
        if (Shard is { } part && exitCode == 0)
            ShardManifest.Of(part, names, Work()).Save(part.FolderIn(Results.Labels));
        return exitCode;
    }

    private void RequireComplete(IReadOnlyList<ListedPhoto> photos, string[] names)
    {
        var parts = ShardManifest.Complete(Results.Labels, names, Work());
        if (photos.FirstOrDefault(photo => !Results.In(photo.Name).AreFinished(photo.Path)) is { } missing)
            throw new InvalidDataException($"{Results.In(missing.Name).Labels} is missing or older than its photo: copy the results of all parts to {Results.Labels}.");
        Console.WriteLine($"{photos.Count} photos segmented in {parts.Count} parts; nothing is missing.");
    }

    /// <summary>What the results depend on.</summary>
    private string[] Work()
    {
        var network = Weights is not null
            ? $"sha256 {WeightsContents.ComputeSha256(Weights)}"
            : string.Join(" and ", new[] { Method == "fcn8s" ? null : CompactWeights.DeconvNet.Info.Id, Method == "deconvnet" ? null : CompactWeights.Fcn8s.Info.Id }.OfType<string>());
        return [Method, Engine, network, MaxProposals is { } count ? FormattableString.Invariant($"{count} proposals") : "the proposals of the weights", Crf ? "with CRF" : "without CRF"];
    }

    private ISegmenter CreateSegmenter()
    {
        var network = CreateNetwork();
        if (Results.NamedClasses.Except(network.ClassNames).FirstOrDefault() is { } unknown)
        {
            network.Dispose();
            throw new ArgumentException($"There is no class '{unknown}'. The classes are {string.Join(", ", network.ClassNames)}.");
        }

        return Crf ? network.WithCrf() : network;
    }

    private ISegmenter CreateNetwork() => Method switch
    {
        "fcn8s" => CreateFcn8s(),
        "edeconvnet" => new EnsembleSegmenter([CreateDeconvNet(), CreateFcn8s()], CompactWeights.Ensemble),
        _ => CreateDeconvNet(),
    };

    private ProposalSegmenter CreateDeconvNet() => EngineSegmenters.DeconvNet(Engine, Weights, ProposalSegmenterOptions.Default with { MaxProposals = MaxProposals });

    private FcnSegmenter CreateFcn8s() => EngineSegmenters.Fcn(Engine, Method == "fcn8s" ? Weights : null, FcnSegmenterOptions.Default);

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
