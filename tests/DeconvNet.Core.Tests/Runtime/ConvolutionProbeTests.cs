using DeconvNet.Runtime;
using DeconvNet.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Runtime;

[Collection(TorchTests.Name)]
[NoTensorLeaks]
public class ConvolutionProbeTests
{
    [Fact]
    public void It_finds_what_a_longer_search_finds()
    {
        TorchRuntime.EnsureUsable();
        using var scope = NewDisposeScope();
        var isRight = true;
        foreach (var inputs in new[] { 9, 12, 15, 17, 20, 24, 31, 40 })
        {
            foreach (var outputs in new[] { 5, 12, 16, 24, 33 })
            {
                foreach (var side in new[] { 8, 16 })
                    isRight &= IsRight(randn(8, inputs, side, side), randn(outputs, inputs, 3, 3));
            }
        }

        Assert.Equal(isRight, ConvolutionProbe.IsCorrectForAnyChannels());
    }

    [Fact]
    public void It_works_where_the_caller_has_turned_gradients_off()
    {
        TorchRuntime.EnsureUsable();
        var isRight = ConvolutionProbe.IsCorrectForAnyChannels();
        random.manual_seed(1);
        using var expected = rand(3);
        random.manual_seed(1);
        using (inference_mode())
            Assert.Equal(isRight, ConvolutionProbe.IsCorrectForAnyChannels());
        using (no_grad())
            Assert.True(ConvolutionProbe.IsCorrectForPaddedChannels());
        using var actual = rand(3);
        Assert.Equal(expected.data<float>().ToArray(), actual.data<float>().ToArray());
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1e-6f, true)]
    [InlineData(0.01f, false)]
    [InlineData(float.NaN, false)]
    [InlineData(float.PositiveInfinity, false)]
    public void An_error_in_one_value_is_seen(float error, bool isNear)
    {
        TorchRuntime.EnsureUsable();
        using var scope = NewDisposeScope();
        var expected = ones(4, 4, float64);
        var actual = ones(4, 4);
        actual[1, 2] += error;
        Assert.Equal(isNear, ConvolutionProbe.IsNear(actual, expected));
    }

    [Fact]
    public void Memory_that_nobody_wrote_to_is_poisoned()
    {
        TorchRuntime.EnsureUsable();
        using var scope = NewDisposeScope();
        int[] sizes = [2048, 4608, 8192, 20736];
        using var poison = new PoisonedMemory(sizes);
        Assert.Contains(sizes, size => empty(size).isnan().any().ToBoolean());
    }

    private static bool IsRight(Tensor x, Tensor weight)
    {
        var actual = Gradient(x, weight);
        var expected = Gradient(x.to(float64), weight.to(float64));
        return ConvolutionProbe.IsNear(actual.Output, expected.Output) && ConvolutionProbe.IsNear(actual.Gradient, expected.Gradient);
    }

    private static (Tensor Output, Tensor Gradient) Gradient(Tensor x, Tensor weight)
    {
        var leaf = x.clone().requires_grad_(true);
        var output = nn.functional.conv2d(leaf, weight, padding: [1, 1]);
        output.backward([output.detach()]);
        return (output, leaf.grad!);
    }
}
