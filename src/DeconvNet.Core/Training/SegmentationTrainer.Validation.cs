using DeconvNet.Engine;
using DeconvNet.Evaluation;
using DeconvNet.Segmentation;
using DeconvNet.Training.Logging;
using DeconvNet.Training.Stages;
using DeconvNet.Weights;

namespace DeconvNet.Training;

public sealed partial class SegmentationTrainer
{
    /// <summary>Validates if it is due, and saves the best network; returns the mean IoU, or NaN if no validation is due. It is not canceled, since the row of the finished step must not be lost.</summary>
    private double Validate(TrainingStage stage, int iteration, BestScore best)
    {
        if (validation is null || !team.IsFirst || stage.Source == ExampleSource.ObjectClasses || (iteration % validation.Every != 0 && iteration < stage.Iterations))
            return double.NaN;

        using var segmenter = MakeSegmenter(stage);
        var meanIoU = segmenter.Evaluate(validation.Data).Confusion.MeanIoU;
        if (best.Add(stage.Name, meanIoU) && options.Folder is { } folder)
        {
            model.Save(Path.Combine(folder, Validation.BestFileName), model.Info with
            {
                Inference = InferenceOf(stage),
                Metrics = new Dictionary<string, double>(model.Info.Metrics) { ["validation/mean-iou"] = meanIoU },
            });
        }

        return meanIoU;
    }

    private ISegmenter MakeSegmenter(TrainingStage stage) => model.FixedInputSize is null
        ? new FcnSegmenter(new TorchScorer(model), FcnSegmenterOptions.Default with { WorkingSide = InferenceOf(stage).WorkingSide })
        : new ProposalSegmenter(new TorchScorer(model), options: ProposalSegmenterOptions.Default with { MaxProposals = validation!.MaxProposals });

    /// <summary>A network for whole photos is used at the size at which it was trained.</summary>
    private InferenceSettings InferenceOf(TrainingStage stage) =>
        model.FixedInputSize is null ? model.Info.Inference with { WorkingSide = InputSizeOf(stage) } : model.Info.Inference;

    /// <summary>Records of a stage: log, best score and speed.</summary>
    private sealed record StageRecord(LossLogWriter? Log, BestScore Best, SpeedMeter Meter);
}
