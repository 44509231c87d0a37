using DeconvNet.Imaging;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Training.Optimization;

/// <summary>
/// The training loss: softmax cross-entropy, averaged over the pixels of a batch that have a target (Caffe's normalized SOFTMAX_LOSS). With a teacher, the target
/// is a weighted mean of label and soft target.
/// </summary>
internal static class SegmentationLoss
{
    /// <summary>−log of the smallest normal 32-bit number, to which Caffe clips probabilities.</summary>
    private static readonly double LargestOfCaffe = -Math.Log(1.17549435e-38);

    /// <param name="logits"><c>[N, classes, H, W]</c>.</param>
    /// <param name="labels">int64 <c>[N, H, W]</c>; <see cref="LabelMap.Void"/> is ignored.</param>
    /// <param name="validPixels">Number of pixels with a target; without any, the loss is 0 (Caffe would give NaN).</param>
    /// <param name="asCaffe">Whether the reported loss of a pixel is clipped at 87.34, which does not affect its gradient (<see cref="TrainingOptions.CaffeCompatibility"/>).</param>
    public static Tensor Compute(Tensor logits, Tensor labels, out long validPixels, bool asCaffe = false)
    {
        validPixels = labels.ne(LabelMap.Void).sum().ToInt64();
        var losses = nn.functional.cross_entropy(logits, labels, ignore_index: LabelMap.Void, reduction: asCaffe ? nn.Reduction.None : nn.Reduction.Sum);
        if (asCaffe)
            losses = (losses - (losses - LargestOfCaffe).clamp_min(0).detach()).sum();
        return losses / Math.Max(1, validPixels);
    }

    /// <param name="logits"><c>[N, classes, H, W]</c>.</param>
    /// <param name="labels">int64 <c>[N, H, W]</c>; <see cref="LabelMap.Void"/> where there is no label.</param>
    /// <param name="soft">The teacher's distributions, <c>[N, classes, H, W]</c>; all zero where there is none.</param>
    /// <param name="fraction">Weight of the soft target where there is also a label, 0 … 1; where one is missing, the other is the target.</param>
    /// <param name="validPixels">Number of pixels with a target; without any, the loss is 0.</param>
    public static Tensor ComputeSoft(Tensor logits, Tensor labels, Tensor soft, double fraction, out long validPixels)
    {
        using var scope = NewDisposeScope();
        validPixels = labels.ne(LabelMap.Void).logical_or(Taught(soft)).sum().ToInt64();
        var logProbabilities = nn.functional.log_softmax(logits, 1);
        var hard = nn.functional.cross_entropy(logits, labels, ignore_index: LabelMap.Void, reduction: nn.Reduction.None);
        var fractions = TeachersFraction(labels, soft, fraction, logits.dtype);
        var losses = ((1 - fractions) * hard) - (fractions * (soft * logProbabilities).sum(1));
        return (losses.sum() / Math.Max(1, validPixels)).MoveToOuterDisposeScope();
    }

    /// <summary>The label of a pixel, or else the teacher's most probable class, or else <see cref="LabelMap.Void"/>.</summary>
    public static Tensor BestTarget(Tensor labels, Tensor soft)
    {
        using var scope = NewDisposeScope();
        return where(labels.eq(LabelMap.Void).logical_and(Taught(soft)), soft.argmax(1), labels).MoveToOuterDisposeScope();
    }

    /// <summary>Weight of the soft target of each pixel, <c>[N, H, W]</c>: 1 where the label is void, 0 where there is no soft target. In the caller's scope.</summary>
    public static Tensor TeachersFraction(Tensor labels, Tensor soft, double fraction, ScalarType type) =>
        Taught(soft).to(type) * (1 - (labels.ne(LabelMap.Void).to(type) * (1 - fraction)));

    private static Tensor Taught(Tensor soft) => soft.amax([1]).gt(0);
}
