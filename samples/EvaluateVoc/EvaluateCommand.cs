using DeconvNet.Datasets;
using DeconvNet.Evaluation;
using DeconvNet.Evaluation.Reports;

namespace EvaluateVoc;

internal sealed class EvaluateCommand
{
    /// <summary>Opens the data set, after everything that can be refused without it.</summary>
    public required Func<ISegmentationDataset> OpenData { get; init; }

    public double HoldOut { get; init; }

    public int? Limit { get; init; }

    public Shard? Shard { get; init; }

    /// <summary>Whether the finished parts in <see cref="Out"/> are put together, instead of anything being evaluated.</summary>
    public bool Merges { get; init; }

    public required IReadOnlyList<string> Methods { get; init; }

    public required Func<MethodSet> MakeMethods { get; init; }

    /// <summary>Folder of finished images; null keeps none.</summary>
    public string? Out { get; init; }

    /// <summary>Folders of other machines whose finished images are copied.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>Files for the table, each with its format.</summary>
    public required IReadOnlyList<(string? Path, Func<ResultTable, string> Form)> Files { get; init; }

    /// <summary>File for the figure of the number of proposals; null for none.</summary>
    public string? Plot { get; init; }

    public void Run(CancellationToken cancellationToken)
    {
        foreach (var path in Files.Select(file => file.Path).Append(Plot).OfType<string>())
            OutputPath.RequireWritable(path);
        if (Plot is not null)
            ProposalCountPlot.Require(Methods);

        if (From.Count > 0 && Out is null)
            throw new ArgumentException("--from needs --out, the folder that results are put together in.");
        if (Merges && (Out is null || Shard is not null))
            throw new ArgumentException("--merge needs --out, the folder of the parts, and no --shard.");

        var whole = Choose();
        var images = Shard is { } mine ? whole.Shard(mine.Number, mine.Count) : whole;
        if (images.Count == 0)
            throw new ArgumentException($"--shard {Shard}: there are only {whole.Count} images.");
        var folder = Out is null ? null : new EvaluationFolder(Shard?.FolderIn(Out) ?? Out);
        foreach (var other in From)
            Console.Error.WriteLine($"{folder!.TakeFrom(new EvaluationFolder(other))} results taken from {other}");

        using var set = MakeMethods();
        EvaluationMethod[] methods = [.. Methods.Select(set.Get)];
        string[] work = [.. methods.Select(method => $"{method.Name}: {method.Description}")];
        foreach (var part in Merges ? ShardManifest.Complete(Out!, whole.Ids, work) : [])
            Console.Error.WriteLine($"{folder!.TakeFrom(new EvaluationFolder(part))} results taken from {part}");
        var reports = WhenFree(() => EvaluationDisplay.Run(methods, images, folder, cancellationToken), cancellationToken);
        if (folder is not null)
            Finish(folder, reports, images);
        if (Shard is { } done && folder is not null)
            ShardManifest.Of(done, whole.Ids, work).Save(folder.Root);

        var table = new ResultTable(images.ClassNames, [.. reports.Select(ResultRow.Of), .. images.ClassNames.SequenceEqual(VocClasses.Names) ? PublishedResults.Read() : []]);
        EvaluationDisplay.Print(reports, table);
        foreach (var (path, form) in Files)
        {
            if (path is not null)
                File.WriteAllText(path, form(table));
        }

        if (Plot is not null)
            File.WriteAllText(Plot, ProposalCountPlot.Svg(reports));
    }

    private ISegmentationDataset Choose()
    {
        var images = OpenData();
        if (HoldOut > 0)
            images = images.Split(HoldOut, seed: 1).HeldOut;
        if (Limit is { } count)
            images = images.Take(count);
        return images;
    }

    /// <summary>A scheduler that takes a machine for dead starts its part elsewhere, while the first task may still be at work: then wait, and find that all is done.</summary>
    private T WhenFree<T>(Func<T> work, CancellationToken cancellationToken)
    {
        for (var told = false; ; told = true)
        {
            try
            {
                return work();
            }
            catch (IOException error) when (Shard is not null && error.Message.StartsWith("Another evaluation works in", StringComparison.Ordinal))
            {
                if (!told)
                    Console.Error.WriteLine(error.Message);
                cancellationToken.WaitHandle.WaitOne(TimeSpan.FromSeconds(2));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>A report with the confusion matrix beside the masks of each method; a whole set of VOC is checked as a submission.</summary>
    private void Finish(EvaluationFolder folder, IReadOnlyList<EvaluationReport> reports, ISegmentationDataset images)
    {
        foreach (var report in reports)
        {
            report.SaveJson(Path.Combine(folder.FolderOf(report.Method), "report.json"));
            if (Shard is not null || !images.ClassNames.SequenceEqual(VocClasses.Names))
                continue;

            var problems = VocSubmission.Check(folder.FolderOf(report.Method), images);
            foreach (var problem in problems)
                Console.Error.WriteLine(problem);
            if (problems.Count == 0)
                Console.Error.WriteLine($"{VocSubmission.MaskFolder(folder.FolderOf(report.Method))}: {images.Count} masks, ready to be submitted");
        }
    }
}
