using DeconvNet.Data;
using DeconvNet.Networks;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace EvaluateVoc;

internal sealed class EvaluateCommand
{
    public required string Voc { get; init; }

    public required string ImageSet { get; init; }

    public int? Limit { get; init; }

    public string? Weights { get; init; }

    public string? Json { get; init; }

    public int MaxProposals { get; init; }

    public int Run(CancellationToken cancellationToken)
    {
        try
        {
            Evaluate(cancellationToken);
            return 0;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Cancelled; nothing was written.");
            return 1;
        }
        catch (Exception error) when (error is ArgumentException or IOException or InvalidDataException or UnauthorizedAccessException or InvalidOperationException or NotSupportedException)
        {
            Console.Error.WriteLine($"Error: {error.Message.ReplaceLineEndings("\n").Split('\n')[0]}");
            return 1;
        }
    }

    private void Evaluate(CancellationToken cancellationToken)
    {
        CheckOutput();
        var images = new VocDataset(Voc, ImageSet);
        if (Limit is { } count)
            images = images.Take(count);

        using var model = Weights is null ? CompactWeights.Load() : DeconvNetModel.Load(Weights);
        using var segmenter = new ProposalSegmenter(model, ProposalSegmenterOptions.Default with { MaxProposals = MaxProposals, KeepScores = false });
        var report = EvaluationDisplay.Run(segmenter, images, cancellationToken);
        EvaluationDisplay.Print(report);
        if (Json is not null)
            report.SaveJson(Json);
    }

    // A missing folder is told before the work, not after an hour of it.
    private void CheckOutput()
    {
        if (Json is not null && Path.GetDirectoryName(Path.GetFullPath(Json)) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder {folder} to write {Path.GetFileName(Json)} to.");
    }
}
