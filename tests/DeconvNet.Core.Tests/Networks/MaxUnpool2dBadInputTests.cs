using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Networks;

[Collection(TorchTests.Name)]
[NoTensorLeaks]
public class MaxUnpool2dBadInputTests
{
    [Theory]
    [InlineData(0, null, 0L, "kernelSize")]
    [InlineData(-2, null, 0L, "kernelSize")]
    [InlineData(long.MaxValue, null, 0L, "kernelSize")]
    [InlineData(2, 0L, 0L, "stride")]
    [InlineData(2, -1L, 0L, "stride")]
    [InlineData(2, long.MaxValue, 0L, "stride")]
    [InlineData(2, 2L, -1L, "padding")]
    [InlineData(2, 2L, long.MaxValue, "padding")]
    public void Settings_out_of_range_are_refused(long kernel, long? stride, long padding, string name)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(name, () => new MaxUnpool2d(kernel, stride, padding));
        Assert.Contains($"between {(name == "padding" ? 0 : 1)} and 2147483647", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(name, () => new MaxUnpool2d((2, kernel), stride is { } step ? (2, step) : null, (0, padding)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(16)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(1L << 32)]
    public void An_index_out_of_range_is_refused_with_its_position(long index)
    {
        using var scope = NewDisposeScope();
        var indices = arange(4, ScalarType.Int64).expand(2, 3, 4).reshape(2, 3, 2, 2).clone().contiguous();
        indices[1, 2, 0, 1] = tensor(index);
        var error = Refused("indices", ones(2, 3, 2, 2), indices);
        Assert.Contains($"[1, 2, 0, 1] is {index}", error.Message, StringComparison.Ordinal);
        Assert.Contains("0 to 15", error.Message, StringComparison.Ordinal);
        error = Refused("indices", ones(3, 2, 2), indices[1]);
        Assert.Contains($"[2, 0, 1] is {index}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_of_a_larger_plane_is_refused_for_a_smaller_output()
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(2);
        var indices = full([1, 2, 2], 15L, ScalarType.Int64);
        Assert.Equal(1f, unpool.forward(ones(1, 2, 2), indices)[0, 3, 3].ToSingle());
        Assert.Throws<ArgumentException>("indices", () => unpool.forward(ones(1, 2, 2), indices, [3, 4]));
    }

    [Theory]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void Indices_of_another_type_are_refused(ScalarType type)
    {
        using var scope = NewDisposeScope();
        Assert.Contains("int64", Refused("indices", ones(1, 2, 2), zeros([1, 2, 2], type)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Bool)]
    [InlineData(ScalarType.ComplexFloat32)]
    public void Input_that_is_not_floating_is_refused(ScalarType type)
    {
        using var scope = NewDisposeScope();
        Assert.Contains($"{type}; float16", Refused("input", zeros([1, 2, 2], type), zeros(1, 2, 2, ScalarType.Int64)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 1, 2, 3 })]
    [InlineData(new long[] { 1, 1, 2, 2 })]
    [InlineData(new long[] { 2, 2, 1 })]
    [InlineData(new long[] { 4 })]
    public void Indices_of_another_shape_are_refused(long[] shape)
    {
        using var scope = NewDisposeScope();
        Assert.Contains($"shape {Text(shape)}, the input [1, 2, 2]", Refused("indices", ones(1, 2, 2), zeros(shape, ScalarType.Int64)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { })]
    [InlineData(new long[] { 4 })]
    [InlineData(new long[] { 2, 2 })]
    [InlineData(new long[] { 1, 1, 1, 2, 2 })]
    [InlineData(new long[] { 1, 1, 0, 2 })]
    [InlineData(new long[] { 1, 2, 0 })]
    public void Input_of_an_impossible_shape_is_refused(long[] shape)
    {
        using var scope = NewDisposeScope();
        Assert.Contains($"The input has shape {Text(shape)}", Refused("input", zeros(shape), zeros(shape, ScalarType.Int64)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plane_beyond_all_memory_is_refused()
    {
        using var scope = NewDisposeScope();
        using var wide = new MaxUnpool2d(2, int.MaxValue);
        var error = Assert.Throws<ArgumentException>("input", () => wide.forward(ones(1, 2, 2), zeros(1, 2, 2, ScalarType.Int64)));
        Assert.Contains("shape [1, 2, 2] would be unpooled to 2147483649×2147483649: each side", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("outputSize", () => wide.forward(ones(1, 2, 2), zeros(1, 2, 2, ScalarType.Int64), [int.MaxValue, int.MaxValue]));
        using var deep = new MaxUnpool2d(2, padding: int.MaxValue);
        Assert.Throws<ArgumentException>("input", () => deep.forward(ones(1, 2, 2), zeros(1, 2, 2, ScalarType.Int64)));
    }

    [Fact]
    public void Input_that_is_large_by_expansion_only_is_refused()
    {
        using var scope = NewDisposeScope();
        var error = Refused("input", ones(1, 1, 1).expand(1, 1L << 31, 1L << 31), zeros(1, 1, 1, ScalarType.Int64).expand(1, 1L << 31, 1L << 31));
        Assert.Contains("The input has shape [1, 2147483648, 2147483648]; a plane may have at most 2147483647 places.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_images_than_memory_holds_are_refused()
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(2);
        var indices = zeros(1, 1, 1, 1, ScalarType.Int64).expand(1L << 50, 1, 1, 1);
        var error = Assert.Throws<InsufficientMemoryException>(() => unpool.forward(ones(1, 1, 1, 1).expand(1L << 50, 1, 1, 1), indices));
        Assert.Contains("Input of shape [1125899906842624, 1, 1, 1] could not be unpooled to 2×2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 4 })]
    [InlineData(new long[] { })]
    [InlineData(new long[] { 1, 4, 4 })]
    [InlineData(new long[] { 9, 1, 4, 4 })]
    [InlineData(new long[] { 1, 1, 1, 4, 4 })]
    [InlineData(new long[] { 2, 4 })]
    [InlineData(new long[] { 4, 6 })]
    [InlineData(new long[] { 4, 0 })]
    [InlineData(new long[] { 4, -4 })]
    [InlineData(new long[] { 4, long.MinValue })]
    [InlineData(new long[] { long.MaxValue, 4 })]
    public void Output_sizes_that_no_pooling_can_have_had_are_refused(long[] size)
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(2);
        var error = Assert.Throws<ArgumentException>("outputSize", () => unpool.forward(ones(1, 1, 2, 2), zeros(1, 1, 2, 2, ScalarType.Int64), size));
        Assert.Contains($"The output size is {Text(size)}; height", error.Message, StringComparison.Ordinal);
        Assert.True(
            error.Message.Contains("leading sides [1, 1]", StringComparison.Ordinal) || error.Message.Contains("height must differ from 4 by less than 2, width from 4 by less than 2", StringComparison.Ordinal),
            error.Message);
    }

    [Fact]
    public void A_chosen_output_size_does_not_spare_the_checks()
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(2);
        Assert.Throws<ArgumentException>("input", () => unpool.forward(zeros([1, 2, 2], ScalarType.Int32), zeros(1, 2, 2, ScalarType.Int64), [4, 4]));
    }

    [Fact]
    public void Tensors_on_different_devices_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("The input is on cpu, the indices on meta", Refused("indices", ones(1, 2, 2), zeros(1, 2, 2, ScalarType.Int64, device: META)).Message, StringComparison.Ordinal);
        Assert.Contains("meta device", Refused("input", ones(1, 2, 2, device: META), zeros(1, 2, 2, ScalarType.Int64)).Message, StringComparison.Ordinal);
        Refused("input", ones(1, 2, 2, device: META), zeros(1, 2, 2, ScalarType.Int64, device: META));
    }

    [Fact]
    public void Sparse_tensors_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("Sparse", Refused("input", ones(1, 2, 2).to_sparse(), zeros(1, 2, 2, ScalarType.Int64)).Message, StringComparison.Ordinal);
        Refused("indices", ones(1, 2, 2), zeros(1, 2, 2, ScalarType.Int64).to_sparse());
    }

    [Fact]
    public void Null_arguments_are_refused()
    {
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(2);
        var indices = zeros(1, 2, 2, ScalarType.Int64);
        Assert.Throws<ArgumentNullException>("input", () => unpool.forward(null!, indices));
        Assert.Throws<ArgumentNullException>("indices", () => unpool.forward(ones(1, 2, 2), null!));
        Assert.Throws<ArgumentNullException>("outputSize", () => unpool.forward(ones(1, 2, 2), indices, null!));
    }

    private static string Text(long[] sides) => $"[{string.Join(", ", sides)}]";

    private static ArgumentException Refused(string name, Tensor input, Tensor indices)
    {
        using var unpool = new MaxUnpool2d(2);
        return Assert.Throws<ArgumentException>(name, () => unpool.forward(input, indices));
    }
}
