using DeconvNet.Datasets;
using DeconvNet.Evaluation;
using DeconvNet.Imaging;
using Spectre.Console;

namespace EvaluateDetail;

internal sealed class DetailCommand
{
    private static readonly string[] PhotoExtensions = [".jpg", ".jpeg", ".png", ".webp"];

    public required ISegmentationDataset Data { get; init; }

    public double HoldOut { get; init; }

    public int? Limit { get; init; }

    public required IReadOnlyList<EvaluationMethod> Methods { get; init; }

    /// <summary>Folder of photos without objects; null for none.</summary>
    public string? Empty { get; init; }

    public required string Out { get; init; }

    public void Run(CancellationToken cancellationToken)
    {
        var images = Data;
        if (HoldOut > 0)
            images = images.Split(HoldOut, seed: 1).HeldOut;
        if (Limit is { } count)
            images = images.Take(count);
        if (Methods.FirstOrDefault(method => !method.Segmenter.ClassNames.SequenceEqual(images.ClassNames)) is { } other)
            throw new ArgumentException($"{other.Name} has the classes {string.Join(", ", other.Segmenter.ClassNames)}; the data set has {string.Join(", ", images.ClassNames)}. Name weights of these classes with --weights or --fcn8s-weights.");
        string[] emptyPhotos = Empty is null ? [] : [.. Directory.EnumerateFiles(Empty).Where(path => PhotoExtensions.Contains(Path.GetExtension(path).ToLowerInvariant())).Order(StringComparer.Ordinal)];
        if (Empty is not null && emptyPhotos.Length == 0)
            throw new ArgumentException($"{Empty} holds no photo; expected {string.Join(", ", PhotoExtensions)}.");
        OutputPath.RequireWritableFolder(Out);

        var details = Methods.Select(method => new MethodDetail(method.Name, images.ClassNames.Count)).ToArray();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress().Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }).Start(context =>
        {
            var labeled = context.AddTask($"{images.Count} images with masks", maxValue: images.Count);
            for (var index = 0; index < images.Count; index++)
            {
                var (photo, truth) = (images.LoadImage(index), images.LoadLabels(index));
                for (var i = 0; i < details.Length; i++)
                    details[i].Add(Methods[i].Segmenter.Segment(photo, cancellationToken: cancellationToken), truth);
                labeled.Increment(1);
            }

            if (emptyPhotos.Length == 0)
                return;
            var silent = context.AddTask($"{emptyPhotos.Length} photos without objects", maxValue: emptyPhotos.Length);
            foreach (var path in emptyPhotos)
            {
                var photo = RgbImage.Load(path);
                for (var i = 0; i < details.Length; i++)
                    details[i].AddEmpty(Methods[i].Segmenter.Segment(photo, cancellationToken: cancellationToken));
                silent.Increment(1);
            }
        });

        var table = DetailTable.Markdown(details);
        File.WriteAllText(Path.Combine(Out, "detail.md"), table);
        File.WriteAllText(Path.Combine(Out, "outlines.svg"), DetailPlots.Outlines(details, images.Count));
        File.WriteAllText(Path.Combine(Out, "reliability.svg"), DetailPlots.Reliability(details, images.Count));
        Console.Write(table);
    }
}
