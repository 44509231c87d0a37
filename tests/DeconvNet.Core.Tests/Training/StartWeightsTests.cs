using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using DeconvNet.Tests.Weights;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Training;

[Collection(TorchTests.Name)]
public class StartWeightsTests
{
    [Fact]
    public void Only_the_layers_of_the_file_are_copied()
    {
        using var folder = new TemporaryFolder();
        var values = Enumerable.Range(0, 8 * 3 * 9).Select(i => i / 100f).ToArray();
        SafetensorsFile.Write(folder["start.safetensors"], [new WeightTensor("conv1_1.weight", [8, 3, 3, 3], () => values), new WeightTensor("elsewhere.weight", [1], () => new float[1])]);
        using var model = new DeconvNetModel(DrawnScenes.Network);
        using var other = Parameter(model, "conv1_2.weight").clone();

        Assert.Equal(["conv1_1.weight"], model.LoadMatching(folder["start.safetensors"]).Loaded);

        Assert.Equal(values, Parameter(model, "conv1_1.weight").data<float>().ToArray());
        Assert.Equal(other.data<float>().ToArray(), Parameter(model, "conv1_2.weight").data<float>().ToArray());
    }

    [Fact]
    public void A_network_of_another_input_size_lends_all_its_layers()
    {
        using var folder = new TemporaryFolder();
        random.manual_seed(1);
        using (var small = new DeconvNetModel(DrawnScenes.Network with { InputSize = 64 }))
            small.Save(folder["small.safetensors"]);
        using var large = new DeconvNetModel(DrawnScenes.Network with { InputSize = 96 });

        var copied = large.LoadMatching(folder["small.safetensors"]);

        Assert.All(large.named_parameters(), entry => Assert.Contains(entry.name, copied.Loaded.Select(LayerNames.ToModuleName)));
        Assert.Equal([48L, 64, 3, 3], Parameter(large, "fc6.weight").shape);
    }

    [Fact]
    public void Another_shape_is_refused_and_nothing_is_changed()
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder["start.safetensors"],
            [new WeightTensor("conv1_1.weight", [8, 3, 3, 3], () => new float[8 * 27]), new WeightTensor("conv1_2.weight", [9, 8, 3, 3], () => new float[9 * 72])]);
        using var model = new DeconvNetModel(DrawnScenes.Network);

        var error = Assert.Throws<InvalidDataException>(() => model.LoadMatching(folder["start.safetensors"]));

        Assert.Contains("'conv1_2.weight' is [9, 8, 3, 3]; the network has [8, 8, 3, 3]", error.Message, StringComparison.Ordinal);
        Assert.True(Parameter(model, "conv1_1.weight").abs().max().ToSingle() > 0);
    }

    [Fact]
    public void A_tensor_of_whole_numbers_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["start.safetensors"], SafetensorsBytes.Make("{\"conv1_1.bias\":{\"dtype\":\"I32\",\"shape\":[8],\"data_offsets\":[0,32]}}", 32));
        using var model = new DeconvNetModel(DrawnScenes.Network);

        Assert.Contains("has the type I32", Assert.Throws<InvalidDataException>(() => model.LoadMatching(folder["start.safetensors"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_common_layer_is_refused()
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder["start.safetensors"], [new WeightTensor("layer", [1], () => new float[1])]);
        using var model = new DeconvNetModel(DrawnScenes.Network);

        Assert.Contains("conv1_1.weight", Assert.Throws<InvalidDataException>(() => model.LoadMatching(folder["start.safetensors"])).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => model.LoadMatching(folder["missing.safetensors"]));
    }

    [Fact]
    public void A_caffemodel_lends_all_but_the_statistics_that_it_lacks()
    {
        using var folder = new TemporaryFolder();
        using var source = new DeconvNetModel(DrawnScenes.Network with { BatchNormEpsilon = 1e-9, Preprocessing = Preprocessing.Caffe });
        source.SaveCaffemodel(folder["start.caffemodel"], CaffeBatchNorm.Unfolded);
        using var model = new DeconvNetModel(DrawnScenes.Network);

        var copied = model.LoadMatching(folder["start.caffemodel"]);

        Assert.Equal(source.named_parameters().Select(entry => entry.name).Order(), copied.Loaded.Select(LayerNames.ToModuleName).Order());
        foreach (var (name, parameter) in source.named_parameters())
            Assert.Equal(parameter.data<float>().ToArray(), Parameter(model, name).data<float>().ToArray());
    }

    [Fact]
    public void Kernels_in_the_layout_of_Keras_are_turned()
    {
        using var folder = new TemporaryFolder();
        float[] values = [.. Enumerable.Range(0, 9 * 3 * 8).Select(i => (float)i)];
        SafetensorsFile.Write(folder["start.safetensors"], [new WeightTensor("model/conv1_1/kernel:0", [3, 3, 3, 8], () => values)]);
        using var model = new DeconvNetModel(DrawnScenes.Network);

        Assert.Equal(["conv1_1.weight"], model.LoadMatching(folder["start.safetensors"]).Loaded);

        using var expected = tensor(values, [3, 3, 3, 8]).permute(3, 2, 0, 1).contiguous();
        Assert.Equal(expected.data<float>().ToArray(), Parameter(model, "conv1_1.weight").data<float>().ToArray());
    }

    [Fact]
    public void A_VGG_16_of_other_names_is_refused_with_what_reads_it()
    {
        using var folder = new TemporaryFolder();
        using var model = new DeconvNetModel(DrawnScenes.Network);
        File.WriteAllBytes(folder["vgg.npz"], VggBytes.KerasArchive(model.Layers));

        Assert.Contains("LoadVgg16", Assert.Throws<InvalidDataException>(() => model.LoadMatching(folder["vgg.npz"])).Message, StringComparison.Ordinal);
    }

    private static TorchSharp.Modules.Parameter Parameter(DeconvNetModel model, string name) => model.named_parameters().Single(entry => entry.name == name).parameter;
}
