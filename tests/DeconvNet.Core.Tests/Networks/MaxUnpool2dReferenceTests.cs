using System.Text.Json;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Networks;

/// <summary>Against tensors of PyTorch (tests/tools/make_unpool_reference.py); the numbers are whole and small, hence exact in every type.</summary>
[Collection(TorchTests.Name)]
[NoTensorLeaks]
public class MaxUnpool2dReferenceTests
{
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);

    private static readonly Case[] Cases = JsonSerializer.Deserialize<Reference>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "unpool", "cases.json")), Names)!.Cases;

    public static TheoryData<ScalarType> Types => [ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64];

    [Theory]
    [MemberData(nameof(Types))]
    public void Output_and_gradient_equal_those_of_PyTorch(ScalarType type)
    {
        Assert.Equal(48, Cases.Length);
        Assert.All(Cases, given =>
        {
            using var scope = NewDisposeScope();
            using var unpool = given.Module();
            var values = tensor(given.Values).reshape(given.Shape).to(type).requires_grad_();

            var output = given.Unpool(unpool, values, tensor(given.Indices).reshape(given.Shape));

            Assert.Equal(type, output.dtype);
            Assert.Equal(given.OutputShape, output.shape);
            Assert.Equal(given.Output, output.to(ScalarType.Float64).data<double>().ToArray());
            (output * tensor(given.Weights).reshape(given.OutputShape).to(type)).sum().backward();
            Assert.Equal(given.Gradient, values.grad!.to(ScalarType.Float64).data<double>().ToArray());
        });
    }

    [Fact]
    public void The_unchecked_path_equals_PyTorch_where_no_index_occurs_twice()
    {
        var unique = Cases.Where(given => !given.Repeats).ToArray();
        Assert.Equal(32, unique.Length);
        Assert.All(unique, given =>
        {
            using var scope = NewDisposeScope();
            var values = tensor(given.Values).reshape(given.Shape);
            var output = MaxUnpool2d.Unpool(values, tensor(given.Indices).reshape(given.Shape), given.OutputShape[^2], given.OutputShape[^1]);
            Assert.Equal(given.OutputShape, output.shape);
            Assert.Equal(given.Output, output.data<double>().ToArray());
        });
    }

    [Fact]
    public void Pooling_switches_of_the_authors_Caffe_put_values_where_Caffe_puts_them()
    {
        var folder = SharedData.Path("reference", "caffe", "slim");
        var switches = Npy.Read<float>(Path.Combine(folder, "pool3_mask.npy"));
        var unpooled = Npy.Read<float>(Path.Combine(folder, "unpool3.npy"));
        using var scope = NewDisposeScope();
        using var unpool = new MaxUnpool2d(2);
        var indices = tensor(switches.Values).reshape([.. switches.Shape.Select(side => (long)side)]).to(ScalarType.Int64);
        var expected = tensor(unpooled.Values).reshape([.. unpooled.Shape.Select(side => (long)side)]);

        // The values that went in are read back at the switches; nothing else of Caffe's output may be left over.
        var values = expected.flatten(2).gather(2, indices.flatten(2)).reshape(indices.shape);

        Assert.Equal(unpooled.Values, unpool.forward(values, indices).data<float>().ToArray());
    }

    private sealed record Reference(Case[] Cases);

    private sealed record Case(
        long[] Kernel,
        long[] Stride,
        long[] Padding,
        long[]? OutputSize,
        bool Repeats,
        long[] Shape,
        long[] OutputShape,
        double[] Values,
        long[] Indices,
        double[] Output,
        double[] Weights,
        double[] Gradient)
    {
        public MaxUnpool2d Module() => new((Kernel[0], Kernel[1]), (Stride[0], Stride[1]), (Padding[0], Padding[1]));

        public Tensor Unpool(MaxUnpool2d module, Tensor values, Tensor indices) =>
            OutputSize is null ? module.call(values, indices) : module.forward(values, indices, OutputSize);
    }
}
