using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;
using TorchSharp;
using static DeconvNet.Tests.Weights.WeightsFiles;

namespace DeconvNet.Tests.Weights;

/// <summary>Encoders started from VGG-16 files compute what the file's network does.</summary>
[Collection(TorchTests.Name)]
public sealed class VggWeightsTests
{
    private static readonly DeconvNetOptions Narrow = new() { Width = 2, FcChannels = 4, ClassCount = 3 };

    // torchvision's means, so that padding is the same gray as there.
    private static readonly Preprocessing TorchvisionMeans = new() { Order = ChannelOrder.Rgb, Scale = ChannelValues.All(1 / 255f), Mean = new(0.485f * 255, 0.456f * 255, 0.406f * 255) };

    [Theory]
    [InlineData("vgg16_width2.pth", "vgg16_width2", true, 1e-9)]
    [InlineData("vgg16_width2.pth", "vgg16_width2", false, 1e-3)]
    [InlineData("vgg16_width2_legacy.pth", "vgg16_width2", true, 1e-5)]
    [InlineData("vgg16_bn_width2.pth", "vgg16_bn_width2", true, 1e-9)]
    [InlineData("vgg16_bn_width2.pth", "vgg16_bn_width2", false, 1e-3)]
    public void The_encoder_computes_what_torchvisions_network_does(string file, string outputs, bool convBias, double epsilon)
    {
        using var model = new DeconvNetModel(Narrow with { ConvBias = convBias, BatchNormEpsilon = epsilon, Preprocessing = TorchvisionMeans });
        var start = model.LoadVgg16(Reference("pytorch", file));
        Assert.Equal(15, LoadedLayers(model, start).Length);
        Assert.Empty(KeptLayers(model, start));
        Assert.Equal(["classifier.6.weight", "classifier.6.bias"], start.Unexpected);
        Assert.Equal(Preprocessing.Torchvision, start.Preprocessing);

        model.eval();
        var layers = Run(model);
        AssertClose(Npy.Read<float>(Reference("pytorch", $"{outputs}_pool5.npy")).Values, layers["pool5"], 1e-5);
        AssertClose(Npy.Read<float>(Reference("pytorch", $"{outputs}_fc7.npy")).Values, layers["fc7"], 1e-5);
    }

    [Fact]
    public void Another_preprocessing_gives_the_same_inside_the_image()
    {
        using var one = new DeconvNetModel(Narrow with { Preprocessing = TorchvisionMeans });
        using var other = new DeconvNetModel(Narrow with { Preprocessing = Preprocessing.Caffe });
        one.LoadVgg16(Reference("pytorch", "vgg16_width2.pth"));
        other.LoadVgg16(Reference("pytorch", "vgg16_width2.pth"));
        one.eval();
        other.eval();
        AssertClose(Inside(Run(one)["conv1_1"]), Inside(Run(other)["conv1_1"]), 1e-5);

        static float[] Inside(float[] planes) => [.. planes.Where((_, i) => i % 224 is > 0 and < 223 && i / 224 % 224 is > 0 and < 223)];
    }

    [Fact]
    public void Caffe_and_Keras_files_give_the_same_encoder()
    {
        using var folder = new TemporaryFolder();
        var options = new DeconvNetOptions { Width = 1, FcChannels = 3, InputSize = 64, ClassCount = 3, Preprocessing = new() { Order = ChannelOrder.Bgr, Scale = ChannelValues.All(1), Mean = new(103.939f, 116.779f, 123.68f) } };
        using var caffe = new DeconvNetModel(options);
        using var keras = new DeconvNetModel(options);
        using var rgb = new DeconvNetModel(options with { Preprocessing = new() { Order = ChannelOrder.Rgb, Scale = ChannelValues.All(0.5f), Mean = new(123.68f, 116.779f, 103.939f) } });
        File.WriteAllBytes(folder["vgg.caffemodel"], VggBytes.Caffemodel(caffe.Layers));
        File.WriteAllBytes(folder["vgg.npz"], VggBytes.KerasArchive(caffe.Layers));

        var start = caffe.LoadVgg16(folder["vgg.caffemodel"]);
        Assert.Equal((Preprocessing.Vgg, 15), (start.Preprocessing, LoadedLayers(caffe, start).Length));
        Assert.Equal(["fc8.weight"], start.Unexpected);
        Assert.Equal(15, LoadedLayers(keras, keras.LoadVgg16(folder["vgg.npz"])).Length);
        rgb.LoadVgg16(folder["vgg.caffemodel"]);
        foreach (var slot in WeightSlot.Of(caffe.Layers).TakeWhile(slot => slot.Row.Kind == LayerKind.Convolution))
            Assert.Equal(Values(caffe, slot), Values(keras, slot));
        foreach (var row in caffe.Layers.Where(row => row.Kind == LayerKind.Convolution))
            Assert.Equal(VggBytes.Kernel(row), Values(caffe, new(row, WeightPart.Kernel)));

        // Red and blue change places, and input of half the scale takes a kernel of twice the size.
        var (kernel, turned) = (VggBytes.Kernel(caffe.Layers[0]), Values(rgb, new(rgb.Layers[0], WeightPart.Kernel)));
        for (var i = 0; i < kernel.Length; i++)
            Assert.Equal(2 * kernel[((2 - (i / 9 % 3)) * 9) + (i % 9)], turned[i]);
    }

    [Fact]
    public void The_first_blocks_of_the_real_VGG_16_give_its_activations()
    {
        var path = SharedData.Path("weights", "vgg16_block1_block2.npz");
        var expected = Npy.Read<float>(SharedData.Path("weights", "chelsea_block2_pool_s4.npy")).Values;
        var photo = RgbImage.Load(SharedData.Path("photos", "chelsea_cat.png"));
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        var preprocessing = new Preprocessing { Order = ChannelOrder.Bgr, Scale = ChannelValues.All(1), Mean = new(103.939f, 116.779f, 123.68f) };
        using var model = new DeconvNetModel(new() { FcChannels = 1, InputSize = 32, Preprocessing = preprocessing });
        Assert.Contains("9 missing: conv3_1 (kernel and bias)", Assert.Throws<InvalidDataException>(() => model.LoadVgg16(path)).Message, StringComparison.Ordinal);
        var start = model.LoadVgg16(path, allowPartial: true);
        Assert.Equal(["conv1_1", "conv1_2", "conv2_1", "conv2_2"], LoadedLayers(model, start));
        Assert.Equal(11, KeptLayers(model, start).Length);

        var planes = new float[photo.Pixels.Length];
        preprocessing.Apply(photo.Pixels, planes);
        var x = torch.tensor(planes, [1, 3, photo.Height, photo.Width]);
        foreach (var row in model.Layers.Take(6))
        {
            x = row.Kind == LayerKind.Pooling
                ? torch.nn.functional.max_pool2d(x, [2, 2])
                : torch.nn.functional.relu(ChannelPadding.Convolve(x, model.Kernel(row).Weight, model.Kernel(row).Bias, padding: 1));
        }

        // Every fourth row and column, channels last.
        var found = x[0].permute(1, 2, 0)[torch.TensorIndex.Slice(step: 4), torch.TensorIndex.Slice(step: 4)].contiguous();
        AssertClose(expected, MemoryMarshal.Cast<byte, float>(found.bytes).ToArray(), 1e-5);
    }

    [Fact]
    public void The_encoder_of_a_DeconvNet_is_taken_with_its_batch_norm()
    {
        using var whole = DeconvNetModel.Load(ModelFileTests.SlimCaffemodel);
        using var model = new DeconvNetModel(whole.Options with { ClassCount = 5 });
        Assert.Equal(15, LoadedLayers(model, model.LoadVgg16(ModelFileTests.SlimCaffemodel)).Length);
        foreach (var slot in WeightSlot.Of(whole.Layers).TakeWhile(slot => slot.Row.Kind == LayerKind.Convolution))
            Assert.Equal(Values(whole, slot), Values(model, slot));
    }

    [Fact]
    public void Fully_connected_layers_of_another_size_are_left_alone()
    {
        using var model = new DeconvNetModel(Narrow with { InputSize = 64 });
        var fc6 = new WeightSlot(model.Layers.Single(row => row.Name == "fc6"), WeightPart.Kernel);
        var before = Values(model, fc6);
        var start = model.LoadVgg16(Reference("pytorch", "vgg16_width2.pth"));
        Assert.Equal(["fc6", "fc7"], KeptLayers(model, start));
        Assert.Equal(13, LoadedLayers(model, start).Length);
        Assert.Equal(before, Values(model, fc6));
    }

    [Fact]
    public void A_file_of_another_width_is_refused_with_both_shapes_and_changes_nothing()
    {
        using var model = new DeconvNetModel(Narrow with { Width = 3 });
        var kernels = new WeightSlot(model.Layers[0], WeightPart.Kernel);
        var before = Values(model, kernels);
        var error = Assert.Throws<InvalidDataException>(() => model.LoadVgg16(Reference("pytorch", "vgg16_width2.pth"), allowPartial: true));
        Assert.Contains("features.0.weight is [2, 3, 3, 3], expected [3, 3, 3, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("tools/vgg_start.py", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Values(model, kernels));
    }

    [Theory]
    [InlineData("features.16.weight", "'features.16.weight' is a convolution where VGG-16 has none")]
    [InlineData("other.weight", "13 missing: conv1_1 (kernel and bias)")]
    public void Another_network_is_refused(string name, string expected)
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder["x.safetensors"], [new WeightTensor(name, [2, 2, 3, 3], () => new float[36])]);
        using var model = new DeconvNetModel(Narrow with { InputSize = 32 });
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => model.LoadVgg16(folder["x.safetensors"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kernels_without_biases_are_not_a_complete_VGG_16()
    {
        using var folder = new TemporaryFolder();
        using var model = new DeconvNetModel(Narrow with { InputSize = 32 });
        var rows = model.Layers.Where(row => row.Kind == LayerKind.Convolution).Take(13);
        SafetensorsFile.Write(folder["x.safetensors"], rows.Select(row => new WeightTensor($"{row.Name}.weight", row.WeightShape, () => VggBytes.Kernel(row))));
        Assert.Contains("conv1_1 (bias)", Assert.Throws<InvalidDataException>(() => model.LoadVgg16(folder["x.safetensors"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Integers_are_not_weights()
    {
        using var model = new DeconvNetModel(Narrow with { InputSize = 32 });
        var bytes = SafetensorsBytes.Make("""{"conv1_1.weight":{"dtype":"I8","shape":[2,3,3,3],"data_offsets":[0,54]}}""", 54);
        using var file = WeightsFile.Open(new MemoryStream(bytes), "whole");
        Assert.Contains(
            "tensor 'conv1_1.weight' has the type I8",
            Assert.Throws<InvalidDataException>(() => StartWeights.LoadFrom(model, file, null, allowPartial: true)).Message,
            StringComparison.Ordinal);
    }

    internal static string[] LoadedLayers(SegmentationModel model, LoadReport report) =>
        [.. model.Layers.Where(row => row.Kind == LayerKind.Convolution && report.Loaded.Contains($"{row.Name}.weight")).Select(row => row.Name)];

    internal static string[] KeptLayers(SegmentationModel model, LoadReport report) =>
        [.. model.Layers.Where(row => row.Kind == LayerKind.Convolution && report.Kept.Contains($"{row.Name}.weight")).Select(row => row.Name)];

    private static Dictionary<string, float[]> Run(DeconvNetModel model)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        var photo = new byte[224 * 224 * 3];
        for (var i = 0; i < photo.Length; i++)
        {
            var (y, x, c) = (i / (224 * 3), i / 3 % 224, i % 3);
            photo[i] = (byte)((3 * x) + (5 * y) + (7 * c) + (x * y / 64));
        }

        var planes = new float[photo.Length];
        model.Preprocessing.Apply(photo, planes);
        var outputs = new Dictionary<string, float[]>();
        model.Observe(torch.tensor(planes, [1, 3, 224, 224]), (name, output) =>
        {
            if (name is "conv1_1" or "pool5" or "fc7")
                outputs.Add(name, MemoryMarshal.Cast<byte, float>(output.contiguous().bytes).ToArray());
        });
        return outputs;
    }

    private static float[] Values(DeconvNetModel model, WeightSlot slot) => MemoryMarshal.Cast<byte, float>(model.TensorOf(slot).bytes).ToArray();

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Max(MathF.Abs);
        var difference = expected.Zip(actual, (one, other) => MathF.Abs(one - other)).Max() / largest;
        TestContext.Current.TestOutputHelper?.WriteLine($"largest difference {difference:E2} of the largest value {largest}");
        Assert.InRange(difference, 0, tolerance);
    }
}
