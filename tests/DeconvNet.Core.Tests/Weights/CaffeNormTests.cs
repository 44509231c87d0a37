using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;
using TorchSharp;
using static DeconvNet.Tests.Weights.CaffemodelBytes;

namespace DeconvNet.Tests.Weights;

/// <summary>Batch norm of later Caffe: a layer of statistics and a layer of scale and shift become the one batch norm of the network.</summary>
[Collection(TorchTests.Name)]
public sealed class CaffeNormTests
{
    private static readonly DeconvNetOptions Tiny = new() { Width = 1, FcChannels = 2, InputSize = 32, ClassCount = 3, BatchNormEpsilon = 1e-5 };

    [Theory]
    [InlineData("bn1_1", true)]
    [InlineData("conv1_1/bn", false)]
    [InlineData("bn_conv1_1", true)]
    [InlineData("BatchNorm1", false)]
    public void A_DeconvNet_loads_whatever_its_norms_are_called(string example, bool convBias)
    {
        var rows = LayerTable.Create(Tiny with { ConvBias = convBias });
        var number = 0;
        var bytes = CaffeNormBytes.Net(rows, Values, row => example switch
        {
            "bn1_1" => (row.BatchNorm!, row.BatchNorm + "_scale"),
            "conv1_1/bn" => (row.Name + "/bn", row.Name + "/scale"),
            "bn_conv1_1" => ("bn_" + row.Name, "scale_" + row.Name),
            _ => ($"BatchNorm{++number}", $"Scale{number}"),
        });
        using var model = DeconvNetModel.Load(new MemoryStream(bytes), "normed");
        Assert.Equal(Tiny with { ConvBias = convBias }, model.Options);
        Assert.False(model.training);
        foreach (var slot in WeightSlot.Of(model.Layers).Where(slot => slot.Part != WeightPart.Kernel))
            Assert.Equal(Values(slot), In(model, slot));
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(999.98236f)]
    [InlineData(0f)]
    public void Statistics_are_divided_as_Caffe_divides_them(float divisor)
    {
        byte[] bytes = [.. New("conv1_1", "Convolution"), .. New("bn", "BatchNorm", Blob([1, -3], 2), Blob([5, 0.1f], 2), Blob([divisor], 1))];
        using var file = WeightsFile.Open(new MemoryStream(bytes), "crafted");
        Assert.Equal(["bn1_1.running_mean", "bn1_1.running_var"], file.Tensors.Select(tensor => tensor.Name));
        var factor = divisor == 0 ? 0 : 1 / divisor;
        Assert.Equal([1 * factor, -3 * factor], file.Values("bn1_1.running_mean"));
        Assert.Equal([5 * factor, 0.1f * factor], file.Values("bn1_1.running_var"));
    }

    [Fact]
    public void What_is_added_to_variances_is_what_the_file_says()
    {
        var rows = LayerTable.Create(Tiny);
        using (var model = DeconvNetModel.Load(new MemoryStream(CaffeNormBytes.Net(rows, Values, epsilon: _ => 0.001f)), "normed"))
            Assert.Equal(0.001f, model.Options.BatchNormEpsilon);
        Refused(CaffeNormBytes.Net(rows, Values, epsilon: row => row.Name == "fc6" ? 1e-4f : 0.001f), "add 0.0010000000474974513, 9.999999747378752E-05 to variances");
        Refused(CaffeNormBytes.Net(rows, Values, epsilon: _ => float.NaN), "add NaN to variances; expected one number from 0 to 0.1");
        Refused(CaffeNormBytes.Net(rows, Values, epsilon: _ => -1), "add -1 to variances");

        static void Refused(byte[] bytes, string expected) =>
            Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => DeconvNetModel.Load(new MemoryStream(bytes), "normed")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Statistics_without_a_scale_only_normalize()
    {
        using var model = DeconvNetModel.Load(new MemoryStream(CaffeNormBytes.Net(LayerTable.Create(Tiny), Values, hasScale: false)), "normed");
        Assert.All(In(model, new(model.Layers[0], WeightPart.Scale)), value => Assert.Equal(1, value));
        Assert.All(In(model, new(model.Layers[0], WeightPart.Shift)), value => Assert.Equal(0, value));
        Assert.Equal(Values(new(model.Layers[0], WeightPart.RunningMean)), In(model, new(model.Layers[0], WeightPart.RunningMean)));
    }

    [Theory]
    [InlineData(true, 1e-5)]
    [InlineData(false, 1e-9)]
    public void An_encoder_started_from_a_VGG_16_with_norms_computes_what_that_does(bool convBias, double epsilon)
    {
        using var folder = new TemporaryFolder();
        using var whole = DeconvNetModel.Load(new MemoryStream(CaffeNormBytes.Net(LayerTable.Create(Tiny), Values, row => (row.Name + "/bn", row.Name + "/scale"))), "normed");
        var means = whole.Options.Preprocessing with { Mean = new(103.939f, 116.779f, 123.68f) };
        var rows = whole.Layers.Where(row => row.Kind == LayerKind.Convolution);
        File.WriteAllBytes(folder["vgg.caffemodel"], CaffeNormBytes.Net(rows, Values, row => (row.Name + "/bn", row.Name + "/scale")));
        using var model = new DeconvNetModel(Tiny with { ConvBias = convBias, BatchNormEpsilon = epsilon, Preprocessing = means });
        var start = model.LoadVgg16(folder["vgg.caffemodel"]);
        Assert.Equal(15, VggWeightsTests.LoadedLayers(model, start).Length);
        Assert.Empty(start.Unexpected);

        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        model.eval();
        var input = torch.rand([1, 3, 32, 32], generator: new torch.Generator(1)) * 200;
        var (expected, actual) = (Fc7(whole), Fc7(model));
        Assert.True(expected.Max() > 0);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, expected.Max() * 1e-5));

        float[] Fc7(DeconvNetModel network)
        {
            float[] found = [];
            network.Observe(input, (name, output) => found = name == "fc7" ? MemoryMarshal.Cast<byte, float>(output.contiguous().bytes).ToArray() : found);
            return found;
        }
    }

    [Fact]
    public void A_scale_without_statistics_is_one_folded_into_it()
    {
        byte[] bytes = [.. New("conv1_1", "Convolution", Blob([1], 1)), .. New("any", "Scale", Blob([2], 1), Blob([3], 1)), .. New("conv1_2", "Convolution"), .. New("relu", "ReLU"), .. New("late", "Scale", Blob([4], 1))];
        using var file = WeightsFile.Open(new MemoryStream(bytes), "crafted");
        Assert.Equal(["conv1_1.weight", "bn1_1.weight", "bn1_1.bias", "late.weight"], file.Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void An_invalid_norm_is_refused_by_name()
    {
        Refused(New("bn", "BatchNorm", Blob([1, 2], 2), Blob([3, 4], 2)), "'bn' of type BatchNorm has blobs of the shapes [2], [2]; expected mean, variance and one value");
        Refused(New("bn", "BatchNorm", Blob([1], 1), Blob([3], 1), Blob([5, 6], 2)), "[1], [1], [2]; expected");
        Refused([.. New("a", "BatchNorm", Blob([1], 1), Blob([1], 1), Blob([1], 1)), .. New("b", "BatchNorm", Blob([1], 1), Blob([1], 1), Blob([1], 1))], "two tensors 'a.running_mean'");

        static void Refused(byte[] bytes, string expected) =>
            Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => WeightsFile.Open(new MemoryStream([.. Text(1, "net"), .. bytes]), "crafted")).Message, StringComparison.Ordinal);
    }

    private static float[] Values(WeightSlot slot) => slot.Part == WeightPart.Kernel
        ? VggBytes.Kernel(slot.Row)
        : [.. Enumerable.Range(0, slot.Row.OutChannels).Select(i => ((i + slot.Name.Length) % 7 / 4f) + 1)];

    private static float[] In(DeconvNetModel model, WeightSlot slot) => MemoryMarshal.Cast<byte, float>(model.TensorOf(slot).bytes).ToArray();
}
