using DeconvNet.Architecture;
using DeconvNet.Engine;
using DeconvNet.Networks;

namespace DeconvNet.OnnxRuntime.Tests;

/// <summary>Exported networks compute the logits of the modules, whatever their options.</summary>
[Collection(TorchTests.Name)]
public class LogitsTests
{
    [Theory]
    [InlineData(LayerNaming.Authors, false)]
    [InlineData(LayerNaming.Keras, true)]
    public void DeconvNet(LayerNaming naming, bool hasBias)
    {
        using var model = new DeconvNetModel(TestNetworks.DeconvNet with { Naming = naming, ConvBias = hasBias, BatchNormEpsilon = 0.01 }).Randomize();
        AssertSameLogits(model, 3, 32, 32);
    }

    [Theory]
    [InlineData(FcnStride.ThirtyTwo, false)]
    [InlineData(FcnStride.Sixteen, false)]
    [InlineData(FcnStride.Eight, true)]
    public void Fcn_of_any_size(FcnStride stride, bool atOnce)
    {
        using var model = new FcnModel(TestNetworks.Fcn with { Stride = stride, AtOnce = atOnce }).Randomize();
        AssertSameLogits(model, 2, 45, 61);
        AssertSameLogits(model, 1, 64, 33);
    }

    [Fact]
    public void Fcn_with_the_published_padding_and_interpolation()
    {
        using var model = new FcnModel(TestNetworks.Fcn with { InputPadding = 100, Fc6Kernel = 7, Fc6Padding = 0, BatchNorm = false, ConvBias = true });
        model.eval();
        AssertSameLogits(model, 1, 45, 61);
    }

    private static void AssertSameLogits(SegmentationModel model, int count, int height, int width)
    {
        using var folder = new TemporaryFolder();
        using var onnxModel = TestNetworks.Save(model, folder["model.safetensors"]).LoadOnnxModel();
        using var onnx = new OnnxScorer(onnxModel);
        using var torch = model is FcnModel fcn ? new TorchScorer(fcn) : new TorchScorer((DeconvNetModel)model);
        var input = TestNetworks.RandomInput(count * 3 * height * width);
        var (expected, actual) = (new float[count * 3 * height * width], new float[count * 3 * height * width]);
        torch.Score(input, count, height, width, expected, TestContext.Current.CancellationToken);
        onnx.Score(input, count, height, width, actual, TestContext.Current.CancellationToken);

        var norm = Math.Sqrt(expected.Sum(value => (double)value * value));
        var distance = Math.Sqrt(expected.Zip(actual).Sum(pair => Math.Pow((double)pair.First - pair.Second, 2)));
        Assert.True(norm > 0 || model is FcnModel { Options.BatchNorm: false }, "The logits are all zero.");
        Assert.True(distance <= 1e-4 * norm, $"The relative L2 distance is {distance / norm}.");
    }
}
