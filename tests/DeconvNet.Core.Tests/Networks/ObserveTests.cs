using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Networks;

[Collection(TorchTests.Name)]
public sealed class ObserveTests
{
    private static readonly DeconvNetOptions Tiny = new() { Width = 2, FcChannels = 4, InputSize = 32, ClassCount = 3 };

    [Fact]
    public void Named_layers_are_returned_in_order_of_computation_and_live_until_they_are_disposed()
    {
        using var model = new DeconvNetModel(Tiny);
        model.eval();
        using var input = rand(2, 3, 32, 32);
        var before = LiveTensors.CountSettled();
        using (var seen = model.Observe(input, "deconv1_2", "pool5", "pool5_mask"))
        {
            Assert.Equal(["pool5_mask", "pool5", "deconv1_2"], seen.Keys);
            Assert.Equal([2L, 2, 32, 32], seen["deconv1_2"].shape);
            Assert.Equal(ScalarType.Int64, seen["pool5_mask"].dtype);
            using var scope = NewDisposeScope();
            var (weight, bias) = model.Kernel(model.Layers[^1]);
            using var frozen = no_grad();
            var logits = nn.functional.conv2d(seen["deconv1_2"], weight, bias);
            Assert.True(logits.allclose(model.forward(input), 1e-4, 1e-5));
        }

        Assert.Equal(before, LiveTensors.CountSettled());
    }

    [Fact]
    public void Without_names_all_layers_are_returned()
    {
        using var model = new FcnModel(FcnOptions.Compact with { Width = 1, FcChannels = 2, ClassCount = 3 });
        using var input = rand(1, 3, 33, 40);
        using var seen = model.Observe(input);
        Assert.Subset(seen.Keys.ToHashSet(), model.Layers.Select(row => row.Name).ToHashSet());
        Assert.Contains("fuse_pool4", seen.Keys);
    }

    [Fact]
    public void A_name_of_no_layer_is_refused()
    {
        using var model = new DeconvNetModel(Tiny);
        using var input = rand(1, 3, 32, 32);
        Assert.Contains("no layer 'conv9_1'", Assert.Throws<ArgumentException>(() => model.Observe(input, "conv9_1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sparse_input_null_names_and_models_without_values_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var model = new DeconvNetModel(Tiny);
        using var dense = ones(1, 3, 32, 32);
        using var sparse = dense.to_sparse();
        Assert.Contains("sparse", Assert.Throws<ArgumentException>(() => model.forward(sparse)).Message, StringComparison.Ordinal);
        Assert.Contains("null", Assert.Throws<ArgumentException>(() => new DeconvNetModel(Tiny, ["a", null!, "c"])).Message, StringComparison.Ordinal);
        model.to(DeviceType.META);
        Assert.Contains("meta", Assert.Throws<InvalidOperationException>(() => model.Save(folder["x.safetensors"])).Message, StringComparison.Ordinal);
        Assert.Contains("meta", Assert.Throws<InvalidOperationException>(() => model.SaveCaffemodel(folder["x.caffemodel"])).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Root));
    }
}
