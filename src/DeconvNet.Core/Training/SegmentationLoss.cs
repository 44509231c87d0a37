using DeconvNet.Imaging;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Training;

/// <summary>The loss of training: softmax cross-entropy, averaged over the pixels of a batch that are not void (Caffe's normalised SOFTMAX_LOSS).</summary>
internal static class SegmentationLoss
{
    /// <param name="logits"><c>[N, classes, H, W]</c>.</param>
    /// <param name="labels">int64 <c>[N, H, W]</c>; <see cref="LabelMap.Void"/> is ignored.</param>
    /// <param name="validPixels">Pixels that count; where there is none, the loss is 0 (Caffe would give NaN).</param>
    public static Tensor Compute(Tensor logits, Tensor labels, out long validPixels)
    {
        validPixels = labels.ne(LabelMap.Void).sum().ToInt64();
        return nn.functional.cross_entropy(logits, labels, ignore_index: LabelMap.Void, reduction: nn.Reduction.Sum) / Math.Max(1, validPixels);
    }
}
