using DeconvNet.Imaging;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Training;

/// <summary>The loss of training: softmax cross-entropy, averaged over the pixels of a batch that are not void (Caffe's normalized SOFTMAX_LOSS).</summary>
internal static class SegmentationLoss
{
    /// <summary>−log of the smallest normal 32-bit number, below which Caffe does not take a probability.</summary>
    private static readonly double LargestOfCaffe = -Math.Log(1.17549435e-38);

    /// <param name="logits"><c>[N, classes, H, W]</c>.</param>
    /// <param name="labels">int64 <c>[N, H, W]</c>; <see cref="LabelMap.Void"/> is ignored.</param>
    /// <param name="validPixels">Pixels that count; where there is none, the loss is 0 (Caffe would give NaN).</param>
    /// <param name="asCaffe">Whether the loss of a pixel is at most 87.34; its gradient is that of the whole loss all the same (<see cref="TrainingOptions.CaffeCompatibility"/>).</param>
    public static Tensor Compute(Tensor logits, Tensor labels, out long validPixels, bool asCaffe = false)
    {
        validPixels = labels.ne(LabelMap.Void).sum().ToInt64();
        var losses = nn.functional.cross_entropy(logits, labels, ignore_index: LabelMap.Void, reduction: asCaffe ? nn.Reduction.None : nn.Reduction.Sum);
        if (asCaffe)
            losses = (losses - (losses - LargestOfCaffe).clamp_min(0).detach()).sum();
        return losses / Math.Max(1, validPixels);
    }
}
