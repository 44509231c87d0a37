namespace DeconvNet.Segmentation;

internal static class Softmax
{
    private const int Strip = 1024;

    /// <summary>Replaces scores <c>[classes, pixels]</c> by their softmax over the classes; the largest is subtracted first, so nothing overflows.</summary>
    public static void Apply(Span<float> scores, int classes, int pixels)
    {
        Span<float> largest = stackalloc float[Strip];
        Span<float> sum = stackalloc float[Strip];
        for (var start = 0; start < pixels; start += Strip)
        {
            var length = Math.Min(Strip, pixels - start);
            largest.Fill(float.NegativeInfinity);
            sum.Clear();
            for (var c = 0; c < classes; c++)
            {
                var plane = scores.Slice((c * pixels) + start, length);
                for (var i = 0; i < plane.Length; i++)
                    largest[i] = Math.Max(largest[i], plane[i]);
            }

            for (var c = 0; c < classes; c++)
            {
                var plane = scores.Slice((c * pixels) + start, length);
                for (var i = 0; i < plane.Length; i++)
                {
                    var value = MathF.Exp(plane[i] - largest[i]);
                    plane[i] = value;
                    sum[i] += value;
                }
            }

            for (var c = 0; c < classes; c++)
            {
                var plane = scores.Slice((c * pixels) + start, length);
                for (var i = 0; i < plane.Length; i++)
                    plane[i] /= sum[i];
            }
        }
    }
}
