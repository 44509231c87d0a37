using System.Globalization;
using DeconvNet.Datasets;
using DeconvNet.Engine;
using DeconvNet.Evaluation;
using DeconvNet.Evaluation.Metrics;
using DeconvNet.Segmentation;
using DeconvNet.Training.Logging;
using DeconvNet.Training.Ranks;
using DeconvNet.Training.Stages;
using DeconvNet.Weights;

namespace DeconvNet.Training;

public sealed partial class SegmentationTrainer
{
    /// <summary>Validates after a step, with the averaged weights if there are any, since they are what training returns.</summary>
    private double ValidateStep(TrainingStage stage, int iteration, BestScore best)
    {
        using var averaged = IsValidated(stage, iteration) ? average?.Swap() : null;
        return Validate(stage, iteration, best);
    }

    /// <summary>
    /// Validates if it is due, and saves the best network; returns the mean IoU, or NaN if no validation is due. Ranks share the images. It is not canceled, since the row of the
    /// finished step must not be lost.
    /// </summary>
    private double Validate(TrainingStage stage, int iteration, BestScore best)
    {
        if (!IsValidated(stage, iteration))
            return double.NaN;

        var counted = Measure(stage, validation!.Data);
        var meanIoU = counted.MeanIoU;
        team.Run(() =>
        {
            if (!team.IsFirst || !best.Add(stage.Name, meanIoU) || options.Folder is not { } folder)
                return;
            // The id and metrics of the weights that training started from are not those of the trained ones.
            model.Save(Path.Combine(folder, Validation.BestFileName), model.Info with
            {
                Id = null,
                Inference = InferenceOf(stage),
                Metrics = new Dictionary<string, MeasuredAccuracy> { ["validation"] = Accuracy(stage, counted) },
            });
        });
        return meanIoU;
    }

    private bool IsValidated(TrainingStage stage, int iteration) =>
        validation is not null && stage.Source != ExampleSource.ObjectClasses && (iteration % validation.Every == 0 || iteration >= stage.Iterations);

    private MeasuredAccuracy Accuracy(TrainingStage stage, ConfusionMatrix counted) => new()
    {
        ImageCount = validation!.Data.Count,
        MeanIoU = counted.MeanIoU,
        PixelAccuracy = counted.PixelAccuracy,
        Method = model.FixedInputSize is null
            ? string.Create(CultureInfo.InvariantCulture, $"whole photos, longest side {InferenceOf(stage).WorkingSide}")
            : string.Create(CultureInfo.InvariantCulture, $"{validation.MaxProposals} proposals"),
    };

    /// <summary>What all ranks count, each on its part of the images.</summary>
    private ConfusionMatrix Measure(TrainingStage stage, ISegmentationDataset data)
    {
        var counted = new ConfusionMatrix(model.ClassNames.Count);
        team.Run(() =>
        {
            // More ranks than images leave some with none.
            if (data.Shard(team.Rank + 1, team.Size) is not { Count: > 0 } mine)
                return;
            using var segmenter = MakeSegmenter(stage);
            counted.Merge(segmenter.Evaluate(mine).Confusion);
        });
        return ConfusionExchange.Sum(team, counted);
    }

    /// <summary>Whether the last validations have found nothing better for too long. Rank 0 decides: only it knows those of an earlier run.</summary>
    private bool EndsEarly(double meanIoU, BestScore best) =>
        validation?.Patience is { } patience && !double.IsNaN(meanIoU) && team.Decide(best.Since >= patience);

    private ISegmenter MakeSegmenter(TrainingStage stage) => model.FixedInputSize is null
        ? new FcnSegmenter(new TorchScorer(model), FcnSegmenterOptions.Default with { WorkingSide = InferenceOf(stage).WorkingSide })
        : new ProposalSegmenter(new TorchScorer(model), options: ProposalSegmenterOptions.Default with { MaxProposals = validation!.MaxProposals });

    /// <summary>A network for whole photos is used at the size at which it was trained.</summary>
    private InferenceSettings InferenceOf(TrainingStage stage) =>
        model.FixedInputSize is null ? model.Info.Inference with { WorkingSide = InputSizeOf(stage) } : model.Info.Inference;

    /// <summary>Records of a stage: log, best score and speed.</summary>
    private sealed record StageRecord(LossLogWriter? Log, BestScore Best, SpeedMeter Meter);
}
