using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;
using static DeconvNet.Tests.Weights.PickleBytes;

namespace DeconvNet.Tests.Weights;

/// <summary>Files of kinds that public bug reports describe.</summary>
[Collection(TorchTests.Name)]
public sealed class FieldFileTests
{
    private static readonly DeconvNetOptions Narrow = new() { Width = 1, FcChannels = 3, InputSize = 64, ClassCount = 3, Preprocessing = Preprocessing.Torchvision };

    public static TheoryData<string, byte[], string> Foreign => new()
    {
        { "LFS", BadFiles.Bytes("git_lfs_pointer.safetensors"), "Git LFS pointer" },
        { "TorchSharp", BadFiles.Bytes("torchsharp_10_tensors.dat"), "TorchSharp's Module.save" },
        { "a web page", [0xEF, 0xBB, 0xBF, .. "\r\n<!DOCTYPE html><html><head>"u8], "web page" },
        { "a web page in capitals", "<HTML>"u8.ToArray(), "web page" },
        { "HDF5", [0x89, .. "HDF\r\n"u8, 0x1A, 10, 0, 0], "HDF5" },
        { "MATLAB 7.3", [.. "MATLAB 7.3 MAT-file, Platform: GLNXA64"u8], "MATLAB 7.3" },
        { "MATLAB 5", [.. "MATLAB 5.0 MAT-file, Platform: GLNXA64"u8], "scipy.io" },
        { "ONNX", [0x08, 0x08, 0x12, 0x07, .. "pytorch"u8, 0x1A, 0x03, .. "2.1"u8], "ONNX model" },
        { "SavedModel", [0x08, 0x01, 0x12, 0x20, 0x0A, 0x02], "TensorFlow model" },
        { "GraphDef", [0x0A, 0x1E, 0x0A, 0x05, .. "input"u8, 0x12, 0x0B, .. "Placeholder"u8], "TensorFlow model" },
        { "TF checkpoint", [.. "model_checkpoint_path: \"model.ckpt\""u8], "TensorFlow checkpoint" },
        { "TFLite", [0x1C, 0, 0, 0, .. "TFL3"u8, 0, 0], "TensorFlow Lite" },
        { "gzip", [0x1F, 0x8B, 8, 0, 0, 0], "a gzip file. Unpack it first" },
    };

    [Theory]
    [MemberData(nameof(Foreign), DisableDiscoveryEnumeration = true)]
    public void Files_of_other_kinds_are_named_with_what_to_do(string kind, byte[] bytes, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => WeightsFile.Open(new MemoryStream(bytes), "other"));
        Assert.True(error.Message.Contains(expected, StringComparison.Ordinal), $"{kind}: {error.Message}");
    }

    [Fact]
    public void A_folder_is_called_a_folder()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("is a folder", Assert.Throws<InvalidDataException>(() => DeconvNetModel.Load(folder.Root)).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<InvalidDataException>(() => WeightsContents.Read(folder.Root)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("best_acc1", "state_dict")]
    [InlineData("rng_state", "model")]
    [InlineData("class_weights", "module")]
    public void Tensors_beside_a_known_key_do_not_hide_it(string beside, string wrapper)
    {
        var tensor = Tensor("FloatStorage", "0", 4, [1], [1]);
        var bytes = Checkpoint(Dict((beside, tensor), (wrapper, Dict(("conv1_1.weight", tensor))), ("optimizer", Dict(("step", tensor)))));
        using var file = WeightsFile.Open(new MemoryStream(bytes), "checkpoint");
        Assert.Equal(["conv1_1.weight"], file.Tensors.Select(entry => entry.Name));
    }

    [Fact]
    public void One_array_of_an_unknown_kind_is_listed_and_the_others_are_read()
    {
        var sound = Tensor("FloatStorage", "0", 4, [2, 2], [2, 1]);
        var checkpoint = Checkpoint(Dict(("a", sound), ("rng", [(byte)'C', 2, 1, 2]), ("flat", Tensor("FloatStorage", "0", 4, [1 << 20, 1 << 20], [0, 0])), ("wave", Tensor("ComplexFloatStorage", "0", 2, [2], [1]))));
        using var torch = WeightsFile.Open(new MemoryStream(checkpoint), "checkpoint");
        Assert.Equal([("a", true), ("flat", false), ("wave", false)], torch.Tensors.Select(tensor => (tensor.Name, tensor.IsReadable)));
        Assert.Equal(4, torch.Values("a").Length);
        Assert.Contains("repeat", Assert.Throws<InvalidDataException>(() => torch.Read(torch.Find("flat")!, new float[1])).Message, StringComparison.Ordinal);

        var archive = ZipBytes.Stored(
            ("a.npy", NumpyFileTests.Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 8)),
            ("names.npy", NumpyFileTests.Npy("{'descr': '<U4', 'fortran_order': False, 'shape': (2,), }", 32)),
            ("when.npy", NumpyFileTests.Npy("{'descr': [('day', '<i4'), ('x', '<f4')], 'fortran_order': False, 'shape': (1,), }", 8)));
        using var numpy = WeightsFile.Open(new MemoryStream(archive), "archive");
        Assert.Equal([("a", "F32"), ("names", "<U4"), ("when", "[('day', '<i4'), ('x', '<f4')]")], numpy.Tensors.Select(tensor => (tensor.Name, tensor.TypeName)));
        Assert.Equal([0, 0], numpy.Values("a"));
    }

    [Fact]
    public void A_model_loads_beside_counters_names_and_weights_of_classes()
    {
        using var folder = new TemporaryFolder();
        using var expected = ModelFileTests.MakeModel(new() { Width = 1, FcChannels = 2, InputSize = 32, ClassCount = 3 });
        var tensors = Tensors(expected, name => "model." + name).Append(new("criterion.weight", [3], () => new float[3])).Append(new("epoch", [], () => new float[1]));
        SafetensorsFile.Write(folder["x.safetensors"], tensors);
        using var model = DeconvNetModel.Load(folder["x.safetensors"]);
        Assert.Equal(["criterion.weight", "epoch"], model.LoadReport!.Unexpected.Order());
        Assert.Equal(WeightSlot.Of(model.Layers).Count, model.LoadReport.Loaded.Count);
        Assert.False(model.LoadReport.IsExact);
    }

    [Theory]
    [InlineData("features.module.", "classifier.", "0", "3")]
    [InlineData("_orig_mod.features.", "_orig_mod.classifier.", "1", "4")]
    [InlineData("module.features.", "module.pre_logits.fc", "1", "2")]
    public void Encoders_start_from_the_names_of_every_age(string features, string full, string fc6, string fc7)
    {
        using var folder = new TemporaryFolder();
        using var model = new DeconvNetModel(Narrow);
        int[] places = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28];
        var rows = model.Layers.Where(row => row.Kind == LayerKind.Convolution).ToArray();
        SafetensorsFile.Write(folder["x.safetensors"], rows.SelectMany((row, i) =>
        {
            var name = i < places.Length ? $"{features}{places[i]}" : full + (i == places.Length ? fc6 : fc7);
            return (WeightTensor[])[new($"{name}.weight", row.WeightShape, () => VggBytes.Kernel(row)), new($"{name}.bias", [row.OutChannels], () => VggBytes.Bias(row))];
        }));
        var report = model.LoadVgg16(folder["x.safetensors"]);
        Assert.Equal(15, VggWeightsTests.LoadedLayers(model, report).Length);
        Assert.Equal(Preprocessing.Torchvision, report.Preprocessing);
        Assert.Empty(report.Unexpected);

        // The model has the file's own preprocessing: nothing is rewritten.
        var first = model.Kernel(rows[0]).Weight;
        Assert.Equal(VggBytes.Kernel(rows[0]), first.data<float>().ToArray());
    }

    [Fact]
    public void A_tensor_of_the_size_of_fc6_is_never_passed_over_in_silence()
    {
        using var folder = new TemporaryFolder();
        using var model = new DeconvNetModel(Narrow);
        var rows = model.Layers.Where(row => row.Kind == LayerKind.Convolution).Take(14).ToArray();
        SafetensorsFile.Write(folder["x.safetensors"], rows.SelectMany(row =>
        {
            var name = row.Name == "fc6" ? "head.dense" : row.Name;
            return (WeightTensor[])[new($"{name}.weight", row.Name == "fc6" ? [3, 8 * 49] : row.WeightShape, () => new float[row.Name == "fc6" ? 3 * 8 * 49 : VggBytes.Kernel(row).Length]), new($"{name}.bias", [row.OutChannels], () => VggBytes.Bias(row))];
        }));
        Assert.Contains("'head.dense.weight' of shape [3, 392] has the size of fc6", Assert.Throws<InvalidDataException>(() => model.LoadVgg16(folder["x.safetensors"])).Message, StringComparison.Ordinal);
        Assert.Contains("'head.dense.weight'", Assert.Throws<InvalidDataException>(() => model.LoadMatching(folder["x.safetensors"])).Message, StringComparison.Ordinal);
        Assert.Contains("head.dense.weight", model.LoadVgg16(folder["x.safetensors"], allowPartial: true).Unexpected);
    }

    [Fact]
    public void A_network_of_irregular_widths_is_told_by_its_shapes_and_comes_back()
    {
        using var folder = new TemporaryFolder();
        LayerChannels channels = [3, 4, 5, 6, 10, 9, 10, 18, 18, 17, 24, 23, 24, 40, 28, 24, 22, 21, 17, 18, 16, 10, 9, 8, 6, 5, 4, 4, 2];
        using var model = LivelyModel.Make(new() { InputSize = 64, ClassCount = 4, Channels = channels, BatchNormEpsilon = 1e-9 });
        model.SaveCaffemodel(folder["x.caffemodel"]);
        model.Save(folder["x.safetensors"]);
        using var caffe = DeconvNetModel.Load(folder["x.caffemodel"]);
        using var ours = DeconvNetModel.Load(folder["x.safetensors"]);
        Assert.Equal(channels, caffe.Options.Channels);
        Assert.Equal(model.Options, ours.Options);
        Assert.Equal(28, caffe.EncodedChannels);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var input = TorchSharp.torch.randn(1, 3, 64, 64);
        Assert.True(model.forward(input).allclose(ours.forward(input), 0, 0));
        var (one, other) = (model.forward(input), caffe.forward(input));
        Assert.InRange((one - other).abs().max().item<float>(), 0, 1e-4 * one.abs().max().item<float>());
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new DeconvNetModel(model.Options with { Channels = [.. channels.SkipLast(1), 2, 2] }));
        Assert.Contains("29 numbers", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeconvNetModel(model.Options with { Channels = [.. channels.Take(15), 25, .. channels.Skip(16)] }));
    }

    [Fact]
    public void An_FCN_of_irregular_widths_is_told_by_its_shapes_and_comes_back()
    {
        using var folder = new TemporaryFolder();
        LayerChannels channels = [3, 4, 5, 6, 10, 9, 10, 18, 18, 17, 24, 23, 24, 40, 28];
        using var model = new FcnModel(new FcnOptions { ClassCount = 4, Channels = channels });
        model.eval();
        model.SaveCaffemodel(folder["x.caffemodel"]);
        model.Save(folder["x.safetensors"]);
        using var caffe = FcnModel.Load(folder["x.caffemodel"]);
        using var ours = FcnModel.Load(folder["x.safetensors"]);
        Assert.Equal(channels, caffe.Options.Channels);
        Assert.Equal(model.Options, ours.Options);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var input = TorchSharp.torch.randn(1, 3, 64, 64);
        Assert.True(model.forward(input).allclose(ours.forward(input), 0, 0));
        Assert.True(model.forward(input).allclose(caffe.forward(input), 0, 0));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new FcnModel(model.Options with { Channels = [.. channels, 2] }));
        Assert.Contains("15 numbers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_preprocessing_with_a_scale_for_each_plane_travels_with_the_weights()
    {
        using var folder = new TemporaryFolder();
        using var model = ModelFileTests.MakeModel(new() { Width = 1, FcChannels = 2, InputSize = 32, ClassCount = 3, Preprocessing = Preprocessing.Torchvision });
        model.Save(folder["x.safetensors"]);
        using var loaded = DeconvNetModel.Load(folder["x.safetensors"]);
        Assert.Equal(Preprocessing.Torchvision, loaded.Preprocessing);
        var planes = new float[3];
        loaded.Preprocessing.Apply([255, 0, 127], planes);
        Assert.Equal([(1 - 0.485f) / 0.229f, -0.456f / 0.224f, ((127 / 255f) - 0.406f) / 0.225f], planes, (one, other) => MathF.Abs(one - other) < 1e-5f);
    }

    [Fact]
    public void Long_names_joined_over_and_over_cost_little()
    {
        // A dictionary of a thousand tensors stands at two hundred places under names of a thousand characters.
        var inner = Dict([.. Enumerable.Range(0, 1000).Select(i => ($"{i}", Tensor("FloatStorage", "0", 4, [], [])))]);
        byte[] outer = [.. inner, (byte)'q', 0, (byte)'0', (byte)'}', (byte)'(', .. Text("t"), .. Tensor("FloatStorage", "0", 4, [], []),
            .. Enumerable.Range(0, 190).SelectMany(i => (byte[])[.. Text(new string('x', 900) + i), (byte)'h', 0]), (byte)'u'];
        BadFiles.AssertAllocatesAtMost(100_000_000, () =>
            Assert.Contains("more than 8388608 characters", Assert.Throws<InvalidDataException>(() => WeightsFile.Open(new MemoryStream(Checkpoint(outer)), "long")).Message, StringComparison.Ordinal));
    }

    private static IEnumerable<WeightTensor> Tensors(DeconvNetModel model, Func<string, string> rename) =>
        WeightSlot.Of(model.Layers).Select(slot => new WeightTensor(rename(slot.Name), slot.Shape, () => model.TensorOf(slot).data<float>().ToArray()));
}
