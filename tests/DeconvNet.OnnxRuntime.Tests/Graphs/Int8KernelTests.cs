using DeconvNet.OnnxRuntime.Graphs;

namespace DeconvNet.OnnxRuntime.Tests.Graphs;

/// <summary>Kernels in whole numbers, each output channel with a scale of its own.</summary>
public class Int8KernelTests
{
    [Theory]
    [InlineData(0, 127)]
    [InlineData(1, 127)]
    [InlineData(1, 7)]
    public void Every_value_is_within_half_a_step(int axis, int limit)
    {
        var random = new Random(5);
        long[] sides = [6, 10, 3, 3];
        var shape = new KernelShape(sides, axis);
        float[] kernel = [.. Enumerable.Range(0, 540).Select(i => (random.NextSingle() - 0.5f) * (1 + Channel(i)))];
        var rounded = Int8Kernel.Round(kernel, shape, new float[shape.Channels], 0.1f, limit);

        for (var c = 0; c < shape.Channels; c++)
        {
            Assert.Equal(kernel.Where((_, i) => Channel(i) == c).Max(MathF.Abs) / limit, rounded.Scales[c], 1e-7f);
            Assert.Contains(rounded.Values.Where((_, i) => Channel(i) == c), value => Math.Abs(value) == limit);
        }

        for (var i = 0; i < kernel.Length; i++)
            Assert.Equal(kernel[i], rounded.Values[i] * rounded.Scales[Channel(i)], 0.5001f * rounded.Scales[Channel(i)]);

        int Channel(int i) => axis == 0 ? i / 90 : i / 9 % 10;
    }

    [Fact]
    public void A_step_of_the_bias_is_one_of_the_input_times_one_of_the_kernel()
    {
        var rounded = Int8Kernel.Round([1.27f, 0, 0, 2.54f], new KernelShape([2, 2], Axis: 0), [3, -0.5f], 0.5f, 127);
        Assert.Equal([600, -50], rounded.Bias);
    }

    [Fact]
    public void A_channel_of_zeros_stays_zero() =>
        Assert.Equal([0, 0], Int8Kernel.Round([0, 0], new KernelShape([1, 2], Axis: 0), [0], 1, 127).Values);

    [Fact]
    public void A_bias_beyond_32_bits_becomes_the_largest() =>
        Assert.Equal([int.MaxValue], Int8Kernel.Round([1e-12f], new KernelShape([1, 1], Axis: 0), [1], 0.01f, 127).Bias);
}
