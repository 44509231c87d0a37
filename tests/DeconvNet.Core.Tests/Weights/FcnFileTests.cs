using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Tests.Networks;
using DeconvNet.Tests.Support;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;
using static DeconvNet.Tests.Weights.CaffemodelBytes;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Weights;

[Collection(TorchTests.Name)]
public sealed class FcnFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(WeightPrecision.Full, 0)]
    [InlineData(WeightPrecision.Half, 0.05)]
    public void A_safetensors_file_rebuilds_the_model(WeightPrecision precision, double tolerance)
    {
        random.manual_seed(5);
        using var model = new FcnModel(FcnOptions.Compact with { Width = 2, FcChannels = 5, ClassCount = 3 }, ["background", "cat", "dog"]);
        using (no_grad())
            model.Kernel(model.Layers.Single(row => row.Name == "score_fr")).Weight.normal_();
        model.eval();
        model.Save(folder["x.safetensors"], new WeightsInfo { Name = "small" }, precision);
        using var loaded = FcnModel.Load(folder["x.safetensors"]);

        Assert.Equal(model.Options, loaded.Options);
        Assert.Equal(model.ClassNames, loaded.ClassNames);
        Assert.Equal("small", loaded.Info.Name);
        Assert.False(loaded.training);
        AssertSameScores(model, loaded, tolerance);
    }

    [Theory]
    [InlineData(FcnStride.ThirtyTwo, false)]
    [InlineData(FcnStride.Sixteen, false)]
    [InlineData(FcnStride.Eight, false)]
    [InlineData(FcnStride.Eight, true)]
    public void A_caffemodel_with_the_published_layers_rebuilds_the_model(FcnStride stride, bool atOnce)
    {
        using var model = FcnWaves.Model(FcnWaves.Narrow with { Stride = stride, AtOnce = atOnce });
        model.SaveCaffemodel(folder["x.caffemodel"]);
        using var loaded = FcnModel.Load(folder["x.caffemodel"]);

        Assert.Equal(model.Options, loaded.Options);
        AssertSameScores(model, loaded, 0);
        var file = new CaffemodelFile(new MemoryStream(File.ReadAllBytes(folder["x.caffemodel"])), "file");
        string[] last = stride == FcnStride.ThirtyTwo ? ["score_fr", "upscore", "score"] : [stride == FcnStride.Eight ? "upscore8" : "upscore16", "score"];
        Assert.Equal(last, file.Layers.Select(layer => layer.Name).TakeLast(last.Length));
        Assert.Equal(atOnce, file.Layers.Any(layer => layer.Name == "scale_pool3"));
    }

    [Fact]
    public void The_older_names_of_fcn_8s_pascal_are_known_and_its_repeated_layers_are_passed_over()
    {
        using var model = FcnWaves.Model(FcnWaves.Narrow);
        var bytes = new List<byte>(Text(1, "fcn-8s-pascal"));
        foreach (var row in model.Layers.Where(row => row.HasWeights))
        {
            var name = row.Name switch { "upscore2" => "score2", "upscore_pool4" => "score4", "upscore8" => "upsample", var other => other.Replace("score_", "score-", StringComparison.Ordinal) };
            var (weight, bias) = model.Kernel(row);
            byte[][] blobs = bias is null ? [OldBlob(weight)] : [OldBlob(weight), OldBlob(bias)];
            bytes.AddRange(Bytes(2, [Text(4, name), Number(5, row.Kind == LayerKind.Upsampling ? 39UL : 4UL), .. blobs]));
            if (row.Kind == LayerKind.Upsampling)
                bytes.AddRange([.. Bytes(2, Text(4, "crop"), Number(5, 40)), .. row.Name == "upscore8" ? [] : Bytes(2, Text(4, "fuse"), Number(5, 25))]);
        }

        File.WriteAllBytes(folder["old.caffemodel"], [.. bytes]);
        using var loaded = FcnModel.Load(folder["old.caffemodel"]);
        Assert.Equal(FcnStride.Eight, loaded.Options.Stride);
        AssertSameScores(model, loaded, 0);
    }

    [Fact]
    public void The_encoder_starts_from_a_VGG_16_and_from_a_DeconvNet()
    {
        using var model = new FcnModel(new() { Width = 2, FcChannels = 4, ClassCount = 3 });
        File.WriteAllBytes(folder["vgg.caffemodel"], VggBytes.Caffemodel(model.Layers));
        Assert.Equal(15, VggWeightsTests.LoadedLayers(model, model.LoadVgg16(folder["vgg.caffemodel"])).Length);
        foreach (var row in model.Layers.Where(row => row.Kind == LayerKind.Convolution))
        {
            Assert.Equal(VggBytes.Kernel(row), model.Kernel(row).Weight.data<float>().ToArray());

            // The means of VGG differ from those of FCN; the difference goes into the first bias.
            if (row.Name != "conv1_1")
                Assert.Equal(VggBytes.Bias(row), model.Kernel(row).Bias!.data<float>().ToArray());
        }

        // Without batch norm of its own the FCN takes that of the DeconvNet into its kernels.
        using var trained = LivelyModel.Make(new() { Width = 2, FcChannels = 4, ClassCount = 3, InputSize = 64, BatchNormEpsilon = 1e-5 });
        trained.Save(folder["deconvnet.safetensors"]);
        using var folded = new FcnModel(FcnOptions.Compact with { Width = 2, FcChannels = 4, ClassCount = 3, Fc6Kernel = 2, Fc6Padding = 1, BatchNorm = false, ConvBias = true });
        using var normed = new FcnModel(FcnOptions.Compact with { Width = 2, FcChannels = 4, ClassCount = 3, Fc6Kernel = 2, Fc6Padding = 1, ConvBias = true });
        Assert.Equal(15, VggWeightsTests.LoadedLayers(folded, folded.LoadVgg16(folder["deconvnet.safetensors"])).Length);
        Assert.Equal(15 * 6, normed.LoadMatching(folder["deconvnet.safetensors"]).Loaded.Count);
        using var scope = NewDisposeScope();
        folded.eval();
        normed.eval();
        var photo = FcnWaves.Make(1, 1, 3, 64, 64);
        var expected = trained.Encode(photo);
        AssertNear(expected, normed.Encode(photo).narrow(2, 1, 1).narrow(3, 1, 1));
        AssertNear(expected, folded.Encode(photo).narrow(2, 1, 1).narrow(3, 1, 1));

        static void AssertNear(Tensor expected, Tensor actual) =>
            Assert.True((expected - actual).abs().max().item<float>() < 1e-4 * Math.Max(1, expected.abs().max().item<float>()));
    }

    [Fact]
    public void A_file_for_the_other_network_is_refused_with_the_name_of_its_reader()
    {
        using var fcn = FcnWaves.Model(FcnWaves.Narrow);
        using var deconvNet = new DeconvNetModel(new() { Width = 1, FcChannels = 1, InputSize = 32, ClassCount = 3 });
        fcn.Save(folder["fcn.safetensors"]);
        deconvNet.Save(folder["deconvnet.safetensors"]);

        Assert.Contains("FcnModel.Load", Assert.Throws<InvalidDataException>(() => DeconvNetModel.Load(folder["fcn.safetensors"])).Message, StringComparison.Ordinal);
        Assert.Contains("DeconvNetModel.Load", Assert.Throws<InvalidDataException>(() => FcnModel.Load(folder["deconvnet.safetensors"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_contents_of_an_FCN_file_are_listed()
    {
        using var model = FcnWaves.Model(FcnWaves.Narrow);
        model.Save(folder["x.safetensors"]);
        model.SaveCaffemodel(folder["x.caffemodel"]);
        foreach (var name in new[] { "x.safetensors", "x.caffemodel" })
        {
            var contents = WeightsContents.Read(folder[name]);
            Assert.Equal(model.Options, contents.FcnOptions);
            Assert.Null(contents.DeconvNetOptions);
            Assert.Null(contents.Refusal);
            Assert.Equal(model.Summary().ParameterCount, contents.Summary!.ParameterCount);
            Assert.Equal(3, contents.Palette.Count);
        }
    }

    [Fact]
    public void Damaged_and_foreign_files_are_refused_with_an_explanation()
    {
        File.WriteAllBytes(folder["other.caffemodel"], OldNet(Number(1, 1), Number(2, 1), Number(3, 1), Number(4, 2), Floats(5, 1, 2)));
        Assert.Contains("this is not an FCN: layer 'conv1_1'", Refused("other.caffemodel"), StringComparison.Ordinal);

        using var model = FcnWaves.Model(FcnWaves.Narrow with { AtOnce = true });
        model.SaveCaffemodel(folder["whole.caffemodel"]);
        var bytes = File.ReadAllBytes(folder["whole.caffemodel"]);
        File.WriteAllBytes(folder["cut.caffemodel"], bytes[..(bytes.Length / 2)]);
        Refused("cut.caffemodel");
        File.WriteAllBytes(folder["renamed.caffemodel"], Replaced(bytes, "score_pool4", "scare_pool4"));
        Assert.Contains("score_pool4", Refused("renamed.caffemodel"), StringComparison.Ordinal);
        var at = bytes.AsSpan().IndexOf(BitConverter.GetBytes(0.01f));
        BitConverter.GetBytes(0.5f).CopyTo(bytes, at);
        File.WriteAllBytes(folder["scaled.caffemodel"], bytes);
        Assert.Contains("scale_pool4", Refused("scaled.caffemodel"), StringComparison.Ordinal);

        string Refused(string name) => Assert.Throws<InvalidDataException>(() => FcnModel.Load(folder[name]).Dispose()).Message;
    }

    [Fact]
    public void A_network_that_Caffe_would_take_for_another_is_not_saved_as_a_caffemodel()
    {
        using var normed = new FcnModel(FcnOptions.Compact with { Width = 1, FcChannels = 1 });
        using var padded = new FcnModel(FcnWaves.Narrow with { InputPadding = 101 });
        Assert.Contains("batch norm", Assert.Throws<InvalidOperationException>(() => normed.SaveCaffemodel(folder["x"])).Message, StringComparison.Ordinal);
        Assert.Contains("padding is 101", Assert.Throws<InvalidOperationException>(() => padded.SaveCaffemodel(folder["x"])).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["x"]));
    }

    public void Dispose() => folder.Dispose();

    private static byte[] OldBlob(Tensor values)
    {
        var shape = values.shape.Length == 4 ? values.shape : [1, 1, 1, values.shape[0]];
        return Bytes(6, [.. shape.Select((side, i) => Number(i + 1, (ulong)side)), Floats(5, values.data<float>().ToArray())]);
    }

    private static byte[] Replaced(byte[] bytes, string old, string replacement)
    {
        var copy = bytes.ToArray();
        for (var at = copy.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(old)); at >= 0; at = copy.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(old)))
            System.Text.Encoding.ASCII.GetBytes(replacement).CopyTo(copy, at);
        return copy;
    }

    private static void AssertSameScores(FcnModel expected, FcnModel actual, double tolerance)
    {
        using var scope = NewDisposeScope();
        var photo = FcnWaves.Make(1000, 1, 3, 33, 47);
        var (one, other) = (expected.forward(photo), actual.forward(photo));
        Assert.True(one.abs().max().item<float>() > 0.01);
        Assert.True((one - other).abs().max().item<float>() <= tolerance * one.abs().max().item<float>());
    }
}
