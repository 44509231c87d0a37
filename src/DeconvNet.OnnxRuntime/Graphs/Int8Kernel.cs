using System.Numerics.Tensors;

namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>A quantized kernel and bias: a value is its integer times the scale of its output channel.</summary>
internal sealed record Int8Kernel(sbyte[] Values, float[] Scales, int[] Bias)
{
    /// <summary>Quantizes a kernel.</summary>
    /// <param name="kernel">Its values.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="bias">The bias, one value per output channel.</param>
    /// <param name="inputScale">Scale of the layer's input; the scale of the bias is this times that of the kernel.</param>
    /// <param name="limit">Largest magnitude of a quantized value.</param>
    public static Int8Kernel Round(ReadOnlySpan<float> kernel, KernelShape shape, ReadOnlySpan<float> bias, float inputScale, int limit)
    {
        var (run, channels) = (shape.Run, shape.Channels);
        var largest = new float[channels];
        for (var i = 0; i < kernel.Length; i += run)
            largest[i / run % channels] = Math.Max(largest[i / run % channels], TensorPrimitives.MaxMagnitude(kernel.Slice(i, run)) is var edge ? Math.Abs(edge) : 0);

        // A channel of zeros has no scale.
        float[] scales = [.. largest.Select(value => value > 0 ? value / limit : 1)];
        var values = new sbyte[kernel.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = (sbyte)Math.Clamp(MathF.Round(kernel[i] / scales[i / run % channels]), -limit, limit);
        var sums = new int[channels];
        for (var c = 0; c < channels; c++)
            sums[c] = (int)Math.Clamp(Math.Round(bias[c] / ((double)inputScale * scales[c])), int.MinValue, int.MaxValue);
        return new Int8Kernel(values, scales, sums);
    }
}
