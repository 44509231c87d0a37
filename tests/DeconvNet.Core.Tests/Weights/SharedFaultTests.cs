using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Tests.Weights;

/// <summary>Files that PyTorch, NumPy and timm themselves wrote, of kinds that public bug reports describe; <see cref="FieldFileTests"/> has the same without them.</summary>
[Collection(TorchTests.Name)]
public sealed class SharedFaultTests
{
    [Theory]
    [InlineData("names_beside_weights.npz")]
    [InlineData("epoch_beside_weights.npz")]
    [InlineData("f8_e8m0_beside_weights.safetensors")]
    [InlineData("rng_bytes_protocol4.pth")]
    [InlineData("expanded_stride0.pth")]
    [InlineData("checkpoint_ok_best_acc1_float.pth")]
    public void What_stands_beside_the_weights_does_not_keep_them_from_being_read(string name)
    {
        using var file = WeightsFile.Open(SharedData.Path("faults", name));
        using var model = DeconvNetModel.Load(SharedData.Path("faults", name), preprocessing: Preprocessing.Caffe);
        Assert.Empty(model.LoadReport!.Missing);
        Assert.Contains(file.Tensors, tensor => tensor.IsReadable && tensor.Name.EndsWith("conv1_1.weight", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("vgg_features_module.pth")]
    [InlineData("vgg_timm_pre_logits.safetensors")]
    public void An_encoder_starts_from_them_fc6_and_fc7_included(string name)
    {
        using var model = new DeconvNetModel(new DeconvNetOptions { Width = 4, FcChannels = 64, InputSize = 224, Preprocessing = Preprocessing.Torchvision });
        var report = model.LoadVgg16(SharedData.Path("faults", name));
        Assert.Equal(15, VggWeightsTests.LoadedLayers(model, report).Length);
    }
}
