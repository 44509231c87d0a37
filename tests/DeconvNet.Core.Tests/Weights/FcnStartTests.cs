using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Tests.Weights;

/// <summary>Encoders started from an FCN, which is a VGG-16 with score layers.</summary>
[Collection(TorchTests.Name)]
public sealed class FcnStartTests
{
    private static readonly DeconvNetOptions Narrow = new() { Width = 2, FcChannels = 4, ClassCount = 3 };

    [Theory]
    [InlineData("fcn-8s", 9)]
    [InlineData("fcn-32s", 3)]
    [InlineData("fcn-8s of repeated names", 2)]
    public void The_encoder_of_an_FCN_is_copied_for_its_own_input(string form, int unused)
    {
        using var folder = new TemporaryFolder();
        using var model = new DeconvNetModel(Narrow);
        File.WriteAllBytes(folder["fcn.caffemodel"], form switch
        {
            "fcn-8s" => FcnBytes.EightStride(model.Layers),
            "fcn-32s" => FcnBytes.ThirtyTwoStride(model.Layers),
            _ => FcnBytes.RepeatedNames(model.Layers),
        });
        var start = model.LoadVgg16(folder["fcn.caffemodel"]);

        // The means of FCN are DeconvNet's, so that the first kernel stays as it is.
        Assert.Equal((15, 0, unused), (VggWeightsTests.LoadedLayers(model, start).Length, VggWeightsTests.KeptLayers(model, start).Length, start.Unexpected.Count));
        Assert.All(start.Unexpected, name => Assert.Matches("score|fc8", name));
        Assert.Equal(Preprocessing.Caffe, start.Preprocessing);
        foreach (var row in model.Layers.Where(row => row.Kind == LayerKind.Convolution))
        {
            Assert.Equal(VggBytes.Kernel(row), Values(model, new(row, WeightPart.Kernel)));
            Assert.Equal(VggBytes.Bias(row), Values(model, new(row, WeightPart.Bias)));
        }
    }

    [Fact]
    public void Convolutions_of_real_size_fit_and_fully_connected_layers_of_another_size_are_kept()
    {
        using var folder = new TemporaryFolder();
        using var model = new DeconvNetModel(new() { FcChannels = 1, InputSize = 32 });
        File.WriteAllBytes(folder["fcn.caffemodel"], FcnBytes.ThirtyTwoStride(LayerTable.Create(new() { FcChannels = 8, InputSize = 32 })));
        Assert.Equal(["fc6", "fc7"], VggWeightsTests.KeptLayers(model, model.LoadVgg16(folder["fcn.caffemodel"])));
        var last = model.Layers.Single(row => row.Name == "conv5_3");
        Assert.Equal([512, 512, 3, 3], last.WeightShape);
        Assert.Equal(VggBytes.Kernel(last), Values(model, new(last, WeightPart.Kernel)));
    }

    [Theory]
    [InlineData("fc6", false, new long[] { 4096, 512, 7, 7 })]
    [InlineData("fc6", false, new long[] { 1, 1, 4096, 25088 })]
    [InlineData("fc6", false, new long[] { 4096, 25088 })]
    [InlineData("fc6", true, new long[] { 25088, 4096 })]
    [InlineData("fc7", false, new long[] { 4096, 4096, 1, 1 })]
    [InlineData("fc7", false, new long[] { 1, 1, 4096, 4096 })]
    [InlineData("fc7", true, new long[] { 4096, 4096 })]
    public void The_fully_connected_layers_of_real_size_fit_the_published_network(string layer, bool isKeras, long[] shape)
    {
        var row = LayerTable.Create(DeconvNetOptions.Paper).Single(row => row.Name == layer);
        Assert.Equal(row.WeightShape, VggKernel.LayoutFor(row, new StoredTensor(layer, WeightType.F32, shape), isKeras)?.Shape);
    }

    private static float[] Values(DeconvNetModel model, WeightSlot slot) => MemoryMarshal.Cast<byte, float>(model.TensorOf(slot).bytes).ToArray();
}
