using DeconvNet.Architecture;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Training;

public sealed partial class SegmentationTrainer
{
    /// <summary>Gives dropout a generator of its own while training lasts: torch's global one is the user's.</summary>
    private Generator? UseDropout() => model.Dropout > 0 ? model.DropoutGenerator = new Generator(0, device) : model.DropoutGenerator = null;

    /// <summary>Makes what dropout draws a function of the place alone, so that resuming goes on as if nothing had happened.</summary>
    private void SeedDropout(TrainingPlace place) =>
        model.DropoutGenerator?.manual_seed((long)(new ExampleRandom(options.Seed, DropoutSequence + place.Stage, place.Iteration).Next() >> 1));

    /// <summary>Leaves the gradient of one step in the parameters. Returns the mean loss, and the share of what was right.</summary>
    private (double Loss, double Accuracy) Accumulate(TrainingStage stage, BatchLoader loader)
    {
        model.zero_grad();
        classHead?.ZeroGradients();
        double loss = 0;
        long right = 0, valid = 0;
        for (var pass = 0; pass < stage.Accumulation; pass++)
        {
            using var scope = NewDisposeScope();
            var batch = loader.Next();
            var (images, labels) = batch.ToTensors(device);
            var result = stage.Source == ExampleSource.ObjectClasses
                ? ClassPass(batch, images)
                : SegmentationPass(stage, batch, images, labels);
            if (result.Valid == 0)
                continue;
            gradients.Add(result.Objective, stage.Accumulation);
            loss += result.Loss.ToDouble() / stage.Accumulation;
            right += result.Right;
            valid += result.Valid;
        }

        return (loss, valid == 0 ? 0 : (double)right / valid);
    }

    /// <summary>The whole network: cross-entropy of pixels, and where the stage wants it that of the crop's classes. Counts pixels.</summary>
    private (Tensor Objective, Tensor Loss, long Right, long Valid) SegmentationPass(TrainingStage stage, CropBatch batch, Tensor images, Tensor labels)
    {
        Tensor? classLoss = null;
        var logits = model.Observe(images, (name, value) =>
        {
            if (stage.ClassLossWeight > 0 && name == LayerNames.Fc7)
                classLoss = classHead!.Loss(value, batch).MoveToOuterDisposeScope();
        });
        var loss = SegmentationLoss.Compute(logits, labels, out var valid, options.CaffeCompatibility);
        var right = logits.detach().argmax(1).eq(labels).sum().ToInt64();
        return (classLoss is null ? loss : loss + (classLoss * stage.ClassLossWeight), loss, right, valid);
    }

    /// <summary>The encoder alone: cross-entropy of the crop's classes. Counts crops.</summary>
    private (Tensor Objective, Tensor Loss, long Right, long Valid) ClassPass(CropBatch batch, Tensor images)
    {
        var fc7 = model.Encode(images);
        var loss = classHead!.Loss(fc7, batch);
        return (loss, loss, classHead.CountRight(fc7, batch), batch.Count);
    }
}
