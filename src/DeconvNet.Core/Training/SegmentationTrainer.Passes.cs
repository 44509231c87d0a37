using DeconvNet.Architecture;
using DeconvNet.Training.Examples;
using DeconvNet.Training.Optimization;
using DeconvNet.Training.Ranks;
using DeconvNet.Training.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Training;

public sealed partial class SegmentationTrainer
{
    /// <summary>Uses a separate random generator for dropout during training: torch's global one belongs to the user.</summary>
    private Generator? UseDropout() => model.Dropout > 0 ? model.DropoutGenerator = new Generator(0, device) : model.DropoutGenerator = null;

    /// <summary>Makes dropout a function of the pass only, so that training can be resumed exactly, and any rank can compute the pass.</summary>
    private void SeedDropout(int stage, long pass) =>
        model.DropoutGenerator?.manual_seed((long)(new ExampleRandom(options.Seed, DropoutSequence + stage, pass).Next() >> 1));

    /// <summary>Accumulates the gradient of a step. Returns the mean loss and the accuracy.</summary>
    private (double Loss, double Accuracy) Accumulate(TrainingStage stage, TrainingPlace place, BatchLoader loader, CancellationToken cancellationToken)
    {
        model.zero_grad();
        classHead?.ZeroGradients();
        imitation?.ZeroGradients();
        var firstPass = (long)place.Iteration * stage.Accumulation;
        var sums = exchange is null
            ? MakePasses(stage, 0..stage.Accumulation, place.Stage, firstPass, loader, cancellationToken)
            : MakeShare(exchange, stage, place.Stage, firstPass, loader, cancellationToken);
        return (sums.Loss, sums.Valid == 0 ? 0 : (double)sums.Right / sums.Valid);
    }

    private PassSums MakePasses(TrainingStage stage, Range share, int stageIndex, long firstPass, BatchLoader loader, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        double loss = 0;
        long right = 0, valid = 0;
        for (var pass = share.Start.Value; pass < share.End.Value; pass++)
        {
            using var scope = NewDisposeScope();
            SeedDropout(stageIndex, firstPass + pass);
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

        return new PassSums(loss, right, valid);
    }

    /// <summary>A pass of the whole network: pixel cross-entropy, plus the auxiliary classification and imitation losses if the stage has them. Counts pixels.</summary>
    private (Tensor Objective, Tensor Loss, long Right, long Valid) SegmentationPass(TrainingStage stage, CropBatch batch, Tensor images, Tensor labels)
    {
        Tensor? others = null;
        using var teachers = stage.ImitationWeight > 0 ? imitation!.Observe(images) : null;
        var logits = model.Observe(images, (name, value) =>
        {
            if (stage.ClassLossWeight > 0 && name == LayerNames.Fc7)
                Add(classHead!.Loss(value, batch) * stage.ClassLossWeight);
            if (teachers is not null && imitation!.Has(name))
                Add(imitation.Loss(name, value, teachers) * stage.ImitationWeight);
        });
        var soft = batch.SoftToTensor(device);
        var loss = !options.Loss.IsPlain
            ? WeightedLoss.Compute(logits, labels, soft, stage.SoftTargetFraction, options.Loss, out var valid)
            : soft is null
                ? SegmentationLoss.Compute(logits, labels, out valid, options.CaffeCompatibility)
                : SegmentationLoss.ComputeSoft(logits, labels, soft, stage.SoftTargetFraction, out valid);
        var best = soft is null ? labels : SegmentationLoss.BestTarget(labels, soft);
        var right = logits.detach().argmax(1).eq(best).sum().ToInt64();
        return (others is null ? loss : loss + others, loss, right, valid);

        void Add(Tensor other) => others = (others is null ? other : others + other).MoveToOuterDisposeScope();
    }

    /// <summary>A pass of the encoder only: cross-entropy of the crop's classes. Counts crops.</summary>
    private (Tensor Objective, Tensor Loss, long Right, long Valid) ClassPass(CropBatch batch, Tensor images)
    {
        var fc7 = model.Encode(images);
        var loss = classHead!.Loss(fc7, batch);
        return (loss, loss, classHead.CountRight(fc7, batch), batch.Count);
    }
}
