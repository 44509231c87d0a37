using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;
using TorchSharp;

namespace DeconvNet.Tests.Weights;

/// <summary>Networks saved for the authors' tools.</summary>
[Collection(TorchTests.Name)]
public sealed class CaffemodelWriteTests
{
    private static readonly DeconvNetOptions Tiny = new() { Width = 2, FcChannels = 5, InputSize = 64, ClassCount = 3 };

    [Fact]
    public void The_file_of_the_authors_Caffe_comes_out_as_it_went_in_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        using (var model = DeconvNetModel.Load(ModelFileTests.SlimCaffemodel))
            model.SaveCaffemodel(folder["slim.caffemodel"]);
        Assert.Equal(File.ReadAllBytes(ModelFileTests.SlimCaffemodel), File.ReadAllBytes(folder["slim.caffemodel"]));
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_training_snapshot_comes_back_bit_for_bit_and_without_statistics(bool biases)
    {
        using var folder = new TemporaryFolder();
        using var model = ModelFileTests.MakeModel(Tiny with { ConvBias = biases });
        model.SaveCaffemodel(folder["snapshot.caffemodel"], CaffeBatchNorm.Unfolded);
        using var loaded = DeconvNetModel.Load(folder["snapshot.caffemodel"], CaffeBatchNorm.Unfolded);

        Assert.Equal(model.Options, loaded.Options);
        Assert.True(loaded.training);
        foreach (var slot in WeightSlot.Of(model.Layers))
        {
            var actual = Values(loaded, slot);
            var expected = slot.Part switch
            {
                WeightPart.RunningMean => actual.Select(_ => 0f),
                WeightPart.RunningVariance => actual.Select(_ => 1f),
                _ => Values(model, slot),
            };
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void A_folded_network_computes_what_the_network_did_and_comes_back_bit_for_bit_from_then_on()
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using var folder = new TemporaryFolder();
        using var model = LivelyModel.Make(Tiny with { BatchNormEpsilon = 1e-3 });
        model.SaveCaffemodel(folder["folded.caffemodel"]);
        using var loaded = DeconvNetModel.Load(folder["folded.caffemodel"]);
        loaded.SaveCaffemodel(folder["again.caffemodel"]);

        var norm = model.BatchNorm(model.Layers[0]);
        var (scale, shift, mean, variance) = (norm.weight![1].ToDouble(), norm.bias![1].ToDouble(), norm.running_mean![1].ToDouble(), norm.running_var![1].ToDouble());
        var factor = scale / Math.Sqrt(variance + 1e-3);
        Assert.Equal((float)factor, loaded.BatchNorm(loaded.Layers[0]).weight![1].ToSingle());
        Assert.Equal((float)(shift - (mean * factor)), loaded.BatchNorm(loaded.Layers[0]).bias![1].ToSingle());

        var input = torch.randn(2, 3, 64, 64);
        var (before, after) = (model.forward(input), loaded.forward(input));
        Assert.InRange((before - after).abs().max().ToSingle() / before.abs().max().ToSingle(), 0, 1e-4f);
        Assert.Equal(File.ReadAllBytes(folder["folded.caffemodel"]), File.ReadAllBytes(folder["again.caffemodel"]));
    }

    [Fact]
    public void The_name_of_the_weights_is_kept_and_every_layer_of_the_authors_is_there()
    {
        using var folder = new TemporaryFolder();
        using (var model = ModelFileTests.MakeModel(Tiny))
            model.Save(folder["tiny.safetensors"], new WeightsInfo { Name = "tiny" });
        using (var model = DeconvNetModel.Load(folder["tiny.safetensors"]))
            model.SaveCaffemodel(folder["tiny.caffemodel"]);
        var file = new CaffemodelFile(new MemoryStream(File.ReadAllBytes(folder["tiny.caffemodel"])), "file");
        var slim = new CaffemodelFile(new MemoryStream(File.ReadAllBytes(ModelFileTests.SlimCaffemodel)), "slim");
        Assert.Equal("tiny", file.Name);
        Assert.Equal(slim.Layers.Select(layer => (layer.Name, layer.Type)), file.Layers.Select(layer => (layer.Name, layer.Type)));
    }

    [Fact]
    public void The_published_network_is_as_long_as_its_values_and_a_few_names()
    {
        var net = new CaffeNet(CaffeBatchNorm.Folded, (_, _) => throw new InvalidOperationException("No value is needed for the length."));
        var length = net.Make("DeconvNet", LayerTable.Create(DeconvNetOptions.Paper)).Length;
        Assert.InRange(length, 1_007_222_612, 1_007_222_612 + 20_000);
    }

    public static TheoryData<string, DeconvNetOptions, bool, CaffeBatchNorm> Refused => new()
    {
        { "LayerNaming.Keras", Tiny with { Naming = LayerNaming.Keras }, false, CaffeBatchNorm.Folded },
        { "probabilities", Tiny with { SoftmaxOutput = true }, false, CaffeBatchNorm.Folded },
        { "Order = Rgb", Tiny with { Preprocessing = Preprocessing.Caffe with { Order = ChannelOrder.Rgb } }, false, CaffeBatchNorm.Folded },
        { "training mode", Tiny, true, CaffeBatchNorm.Folded },
        { "adds 0.001", Tiny with { BatchNormEpsilon = 0.001 }, true, CaffeBatchNorm.Unfolded },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void A_network_that_a_reader_would_take_for_another_is_refused_and_nothing_is_written(string says, DeconvNetOptions options, bool training, CaffeBatchNorm batchNorm)
    {
        using var folder = new TemporaryFolder();
        using var model = ModelFileTests.MakeModel(options);
        model.train(training);
        var error = Assert.Throws<InvalidOperationException>(() => model.SaveCaffemodel(folder["model.caffemodel"], batchNorm));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void A_file_that_cannot_be_written_leaves_the_older_one()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["old.caffemodel"], "old");
        var net = new CaffeNet(CaffeBatchNorm.Folded, (slot, stream) => stream.Write(slot.Row.Name == "fc6" ? throw new IOException("The disk is full.") : new byte[WeightShape.Count(slot.Shape)!.Value * sizeof(float)]));
        Assert.Throws<IOException>(() => AtomicFile.Write(folder["old.caffemodel"], net.Make("tiny", LayerTable.Create(Tiny)).WriteTo));
        Assert.Equal("old", File.ReadAllText(folder["old.caffemodel"]));
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    private static float[] Values(DeconvNetModel model, WeightSlot slot) => model.TensorOf(slot).data<float>().ToArray();
}
