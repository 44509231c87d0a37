using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Networks;

[Collection(TorchTests.Name)]
public class MaxUnpool2dTests
{
    [Fact]
    public void Stride_is_the_kernel_size_and_padding_zero_unless_given()
    {
        using var square = new MaxUnpool2d(3);
        Assert.Equal(((3, 3), (3, 3), (0, 0)), (square.KernelSize, square.Stride, square.Padding));
        using var oblong = new MaxUnpool2d((2, 3), padding: (1, 0));
        Assert.Equal(((2, 3), (2, 3), (1, 0)), (oblong.KernelSize, oblong.Stride, oblong.Padding));
    }

    [Fact]
    public void Stride_without_padding_is_obeyed()
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(2, 3);
        Assert.Equal([1, 1, 8, 11], unpool.forward(ones(1, 1, 3, 4), arange(12).reshape(1, 1, 3, 4)).shape);
    }

    [Fact]
    public void Padding_without_stride_is_obeyed()
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(2, padding: 1);
        Assert.Equal([1, 4, 6], unpool.forward(ones(1, 3, 4), arange(12).reshape(1, 3, 4)).shape);
    }

    [Fact]
    public void Output_can_have_fewer_rows_than_the_input()
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d((2, 2), (1, 2), (1, 0));
        var output = unpool.forward(arange(1, 7, ScalarType.Float32).reshape(1, 3, 2), tensor([7L, 0, 1, 4, 5, 2]).reshape(1, 3, 2));
        Assert.Equal([1, 2, 4], output.shape);
        Assert.Equal([2f, 3f, 6f, 0f, 4f, 5f, 0f, 1f], output.data<float>().ToArray());
    }

    [Fact]
    public void The_whole_shape_of_the_pooled_tensor_is_an_output_size()
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(2);
        var x = rand(2, 3, 5, 7);
        var (pooled, indices) = nn.functional.max_pool2d_with_indices(x, [2, 2]);
        var output = unpool.forward(pooled, indices, x.shape);
        Assert.Equal(x.shape, output.shape);
        Assert.True(output.Equals(unpool.forward(pooled, indices, [5, 7])));
    }

    [Fact]
    public void Of_values_for_one_place_the_last_is_kept_and_alone_has_a_gradient()
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(3, 2);
        var values = tensor([1f, 2f, 3f, 4f]).reshape(1, 1, 2, 2).requires_grad_();

        var output = unpool.forward(values, full([1, 1, 2, 2], 12L, ScalarType.Int64));
        (output * 5).sum().backward();

        Assert.Equal(4f, output[0, 0, 2, 2].ToSingle());
        Assert.Equal(4f, output.sum().ToSingle());
        Assert.Equal([0f, 0f, 0f, 5f], values.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Values_that_are_not_kept_do_no_harm_even_if_infinite_or_not_a_number()
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(3, 2);
        var values = tensor([float.NaN, float.PositiveInfinity, float.NegativeInfinity, 4f]).reshape(1, 2, 2).requires_grad_();

        var output = unpool.forward(values, full([1, 2, 2], 12L, ScalarType.Int64));
        output.sum().backward();

        Assert.Equal(4f, output.sum().ToSingle());
        Assert.Equal([0f, 0f, 0f, 1f], values.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Equal_indices_far_apart_in_a_large_plane_give_the_same_result_every_time()
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(2, 1);
        var values = arange(300 * 300, ScalarType.Float64).reshape(1, 300, 300);
        var indices = arange(300 * 300, ScalarType.Int64).remainder(7).reshape(1, 300, 300);
        for (var round = 0; round < 20; round++)
        {
            using var output = unpool.forward(values, indices);
            Assert.Equal(Enumerable.Range(0, 7).Select(i => (double)(89999 - ((89999 - i) % 7))), output.flatten()[..7].data<double>().ToArray());
            Assert.Equal(0, output.flatten()[7..].count_nonzero().ToInt64());
        }
    }

    [Fact]
    public void Tensors_in_other_memory_layouts_give_the_same_result()
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(3, 2);
        var (pooled, indices) = nn.functional.max_pool2d_with_indices(rand(2, 3, 9, 9), [3, 3], [2, 2]);
        var expected = unpool.forward(pooled, indices);
        Assert.True(expected.Equals(unpool.forward(ChannelsLast(pooled), ChannelsLast(indices))));
        Assert.True(expected.Equals(unpool.forward(pooled, ChannelsLast(indices))));
        Assert.True(expected.transpose(0, 1).Equals(unpool.forward(pooled.transpose(0, 1), indices.transpose(0, 1))));

        static Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
    }

    [Theory]
    [InlineData(new long[] { 0, 3, 4, 4 }, new long[] { 0, 3, 8, 8 })]
    [InlineData(new long[] { 2, 0, 4, 4 }, new long[] { 2, 0, 8, 8 })]
    [InlineData(new long[] { 0, 4, 4 }, new long[] { 0, 8, 8 })]
    public void No_images_or_channels_give_an_empty_output_with_a_gradient(long[] shape, long[] expected)
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(2);
        var input = zeros(shape).requires_grad_();
        var output = unpool.forward(input, zeros(shape, ScalarType.Int64));
        Assert.Equal(expected, output.shape);
        output.sum().backward();
        Assert.Equal(shape, input.grad!.shape);
    }

    [Fact]
    public void An_explicit_output_size_replaces_an_empty_default_size()
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(2, padding: 1);
        Assert.Throws<ArgumentException>("input", () => unpool.forward(ones(1, 1, 1), zeros(1, 1, 1, ScalarType.Int64)));
        Assert.Equal(1f, unpool.forward(ones(1, 1, 1), zeros(1, 1, 1, ScalarType.Int64), [1, 1]).ToSingle());
    }

    [Fact]
    public void Only_the_output_is_alive_afterward()
    {
        using var unpool = new MaxUnpool2d(3, 2);
        using var input = rand(2, 3, 4, 4).requires_grad_();
        using var unique = arange(16, ScalarType.Int64).expand(2, 3, 16).reshape(2, 3, 4, 4);
        using var repeated = zeros(2, 3, 4, 4, ScalarType.Int64);
        using var wrong = full([2, 3, 4, 4], -1L, ScalarType.Int64);
        using var half = input.detach().to(ScalarType.BFloat16);
        var before = LiveTensors.CountSettled();

        foreach (var indices in new[] { unique, repeated })
        {
            using var output = unpool.forward(input, indices);
            Assert.Equal(before + 1, Tensor.TotalCount);
            using var narrow = unpool.forward(half, indices, [10, 8]);
            Assert.Equal(before + 2, Tensor.TotalCount);
        }

        Assert.Throws<ArgumentException>(() => unpool.forward(input, wrong));
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void One_instance_serves_many_threads_with_equal_results()
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(3, 2);
        var (pooled, indices) = nn.functional.max_pool2d_with_indices(rand(2, 8, 33, 33), [3, 3], [2, 2]);
        var expected = unpool.forward(pooled, indices).data<float>().ToArray();
        Parallel.For(0, 16, _ =>
        {
            using var output = unpool.forward(pooled, indices);
            Assert.Equal(expected, output.data<float>().ToArray());
        });
    }
}
