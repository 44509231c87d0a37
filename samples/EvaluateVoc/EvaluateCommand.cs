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

    public required ProposalSegmenterOptions Options { get; init; }

    public double HoldOut { get; init; }

    public void Run(CancellationToken cancellationToken)
    {
        if (Json is not null)
            CommandLine.RequireFolderOf(Json);
        var images = new VocDataset(Voc, ImageSet);
        if (HoldOut > 0)
            images = images.Split(HoldOut, seed: 1).HeldOut;
        if (Limit is { } count)
            images = images.Take(count);

        using var model = Weights is null ? CompactWeights.Load() : DeconvNetModel.Load(Weights);
        using var segmenter = new ProposalSegmenter(model, Options with { KeepScores = false });
        var report = EvaluationDisplay.Run(segmenter, images, cancellationToken);
        EvaluationDisplay.Print(report);
        if (Json is not null)
            report.SaveJson(Json);
    }
}
