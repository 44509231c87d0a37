using System.Numerics.Tensors;

namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>A kernel and its bias in whole numbers: a value is its number times the scale of its output channel.</summary>
internal sealed record Int8Kernel(sbyte[] Values, float[] Scales, int[] Bias)
{
    // A bias and the products are added in 32 bits; half of that is left for the products.
    private const int LargestBias = 1 << 30;

    // Below, products with the scale of the input are no normal numbers any more.
    private const float SmallestScale = 1e-20f;

    /// <summary>Rounds a kernel.</summary>
    /// <param name="kernel">Its values.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="bias">The bias, a value for each output channel.</param>
    /// <param name="inputScale">What one step of the layer's input is worth; a step of the bias is this times that of the kernel.</param>
    /// <param name="limit">The largest number that a value may become.</param>
    public static Int8Kernel Round(ReadOnlySpan<float> kernel, KernelShape shape, ReadOnlySpan<float> bias, float inputScale, int limit)
    {
        var (run, channels) = (shape.Run, shape.Channels);
        var largest = new float[channels];
        for (var i = 0; i < kernel.Length; i += run)
            largest[i / run % channels] = Math.Max(largest[i / run % channels], TensorPrimitives.MaxMagnitude(kernel.Slice(i, run)) is var edge ? Math.Abs(edge) : 0);

        // Where steps of the kernel are so small that the bias would take too many of them, as in a channel that training has shrunk to nothing, they are larger.
        var scales = new float[channels];
        for (var c = 0; c < channels; c++)
        {
            var scale = Math.Max(largest[c] / limit, (float)(Math.Abs(bias[c]) / ((double)inputScale * LargestBias)));
            scales[c] = scale >= SmallestScale ? scale : 1;
        }

        var values = new sbyte[kernel.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = (sbyte)Math.Clamp(MathF.Round(kernel[i] / scales[i / run % channels]), -limit, limit);
        var sums = new int[channels];
        for (var c = 0; c < channels; c++)
            sums[c] = (int)Math.Round(bias[c] / ((double)inputScale * scales[c]));
        return new Int8Kernel(values, scales, sums);
    }
}
