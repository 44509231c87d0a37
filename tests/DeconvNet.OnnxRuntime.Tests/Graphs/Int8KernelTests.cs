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

    [Theory]
    [InlineData(1e-12f)]
    [InlineData(0f)]
    public void A_bias_stays_what_it_is_beside_a_kernel_of_next_to_nothing(float value)
    {
        var rounded = Int8Kernel.Round([value], new KernelShape([1, 1], Axis: 0), [0.7f], 0.01f, 127);
        Assert.Equal(0.7f, rounded.Bias[0] * rounded.Scales[0] * 0.01f, 1e-6f);
        Assert.InRange(rounded.Bias[0], 0, (1 << 30) + 1000);
        Assert.Equal([0], rounded.Values);
    }

    [Fact]
    public void A_kernel_too_small_for_steps_has_finite_ones()
    {
        var rounded = Int8Kernel.Round([float.Epsilon], new KernelShape([1, 1], Axis: 0), [0], 0.01f, 127);
        Assert.Equal([0], rounded.Values);
        Assert.Equal([0], rounded.Bias);
        Assert.Equal([1f], rounded.Scales);
    }
}
