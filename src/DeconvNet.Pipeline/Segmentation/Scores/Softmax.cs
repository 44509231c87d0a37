using System.Numerics.Tensors;

namespace DeconvNet.Segmentation.Scores;

internal static class Softmax
{
    // A strip with all classes stays in the cache between passes.
    private const int Strip = 1024;

    /// <summary>Replaces logits <c>[classes, pixels]</c> by their softmax over the classes, subtracting the maximum first to avoid overflow.</summary>
    public static void Apply(Span<float> scores, int classes, int pixels)
    {
        Span<float> largestOfStrip = stackalloc float[Strip];
        Span<float> sumOfStrip = stackalloc float[Strip];
        for (var start = 0; start < pixels; start += Strip)
        {
            var length = Math.Min(Strip, pixels - start);
            var largest = largestOfStrip[..length];
            var sum = sumOfStrip[..length];
            scores.Slice(start, length).CopyTo(largest);
            for (var c = 1; c < classes; c++)
                TensorPrimitives.Max(largest, scores.Slice((c * pixels) + start, length), largest);

            sum.Clear();
            for (var c = 0; c < classes; c++)
            {
                var plane = scores.Slice((c * pixels) + start, length);
                TensorPrimitives.Subtract(plane, largest, plane);
                TensorPrimitives.Exp(plane, plane);
                TensorPrimitives.Add(sum, plane, sum);
            }

            for (var c = 0; c < classes; c++)
            {
                var plane = scores.Slice((c * pixels) + start, length);
                TensorPrimitives.Divide(plane, sum, plane);
            }
        }
    }
}
