using DeconvNet.Imaging;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Training.Optimization;

/// <summary>The loss with class weights, label smoothing and Dice, for targets that are class distributions.</summary>
internal static class WeightedLoss
{
    /// <summary>Smooths the overlap of classes with very few pixels.</summary>
    private const double DiceSmoothing = 1;

    /// <param name="logits"><c>[N, classes, H, W]</c>.</param>
    /// <param name="labels">int64 <c>[N, H, W]</c>; <see cref="LabelMap.Void"/> where there is no label.</param>
    /// <param name="soft">The teacher's distributions, <c>[N, classes, H, W]</c>; <see langword="null"/> without a teacher.</param>
    /// <param name="softFraction">Weight of the soft target where there is also a label, 0 … 1.</param>
    /// <param name="options">The loss options.</param>
    /// <param name="validPixels">Number of pixels with a target; without any, the loss is 0.</param>
    public static Tensor Compute(Tensor logits, Tensor labels, Tensor? soft, double softFraction, LossOptions options, out long validPixels)
    {
        using var scope = NewDisposeScope();
        var target = Targets(labels, soft, softFraction, logits);
        var valid = target.sum(1, keepdim: true).gt(0).to(logits.dtype);
        validPixels = valid.sum().ToInt64();

        var classes = logits.shape[1];
        var weights = options.ClassWeights is { } given ? tensor([.. given], dtype: logits.dtype, device: logits.device).view(1, classes, 1, 1) : ones([1, classes, 1, 1], dtype: logits.dtype, device: logits.device);
        var smoothed = (target * (1 - options.LabelSmoothing)) + (valid * (options.LabelSmoothing / classes));
        var logProbabilities = nn.functional.log_softmax(logits, 1);
        var total = (target * weights).sum();
        var loss = (smoothed * weights * logProbabilities).sum().neg() / (total.ToDouble() > 0 ? total : total + 1);
        if (options.DiceWeight > 0)
            loss += options.DiceWeight * Dice(logProbabilities.exp() * valid, target);
        return loss.MoveToOuterDisposeScope();
    }

    private static Tensor Targets(Tensor labels, Tensor? soft, double softFraction, Tensor logits)
    {
        var labeled = labels.ne(LabelMap.Void);
        var hard = nn.functional.one_hot(labels.where(labeled, 0), logits.shape[1]).permute(0, 3, 1, 2).to(logits.dtype) * labeled.unsqueeze(1).to(logits.dtype);
        if (soft is null)
            return hard;
        var fractions = SegmentationLoss.TeachersFraction(labels, soft, softFraction, logits.dtype).unsqueeze(1);
        return (hard * (1 - fractions)) + (soft * fractions);
    }

    private static Tensor Dice(Tensor probabilities, Tensor target)
    {
        var (overlap, sizes) = ((probabilities * target).sum([0, 2, 3]), target.sum([0, 2, 3]));
        var dice = ((2 * overlap) + DiceSmoothing) / (probabilities.sum([0, 2, 3]) + sizes + DiceSmoothing);
        var shown = sizes.gt(0).to(target.dtype);
        return ((1 - dice) * shown).sum() / shown.sum().clamp_min(1);
    }
}
