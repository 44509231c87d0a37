using DeconvNet.Architecture;
using DeconvNet.Tests.Support;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;
using static DeconvNet.Tests.Weights.CaffemodelBytes;

namespace DeconvNet.Tests.Weights;

[Collection(TorchTests.Name)]
public sealed class WeightsContentsTests
{
    private static readonly DeconvNetOptions Tiny = new() { Width = 2, FcChannels = 5, InputSize = 64, ClassCount = 3, BatchNormEpsilon = 1e-5 };

    [Fact]
    public void A_saved_model_says_what_it_is()
    {
        using var folder = new TemporaryFolder();
        using (var model = ModelFileTests.MakeModel(Tiny))
            model.Save(folder["tiny.safetensors"], new WeightsInfo { Name = "tiny", License = "MIT" }, WeightPrecision.Half);
        var contents = WeightsContents.Read(folder["tiny.safetensors"]);

        Assert.Equal(WeightsFormat.Safetensors, contents.Format);
        Assert.Equal(new FileInfo(folder["tiny.safetensors"]).Length, contents.FileSize);
        Assert.Equal(Tiny, contents.DeconvNetOptions);
        Assert.Equal(["ground", "cat", "dog"], contents.ClassNames);
        Assert.Equal(("tiny", "MIT"), (contents.Info.Name, contents.Info.License));
        Assert.Null(contents.Refusal);
        Assert.Equal(WeightSlot.Of(LayerTable.Create(Tiny)).Count, contents.Tensors.Count);
        var kernel = contents.Tensors.Single(tensor => tensor.Name == "fc6-deconv.weight");
        Assert.Equal(WeightType.F16, kernel.Type);
        Assert.Equal([5, 16, 2, 2], kernel.Shape);
        Assert.Equal(WeightType.F32, contents.Tensors.Single(tensor => tensor.Name == "fc6-deconv-bn.running_var").Type);
    }

    [Fact]
    public void The_size_is_that_of_the_part_that_is_read()
    {
        var bytes = File.ReadAllBytes(ModelFileTests.SlimCaffemodel);
        using var stream = new MemoryStream([1, 2, 3, .. bytes]) { Position = 3 };
        Assert.Equal(bytes.Length, WeightsContents.Read(stream, "embedded").FileSize);
    }

    [Fact]
    public void The_authors_file_says_what_its_shapes_tell()
    {
        var contents = WeightsContents.Read(ModelFileTests.SlimCaffemodel);

        Assert.Equal((WeightsFormat.Caffemodel, "DeconvNet_slim", null), (contents.Format, contents.Info.Name, contents.Refusal));
        Assert.Equal(DeconvNetOptions.Paper with { Width = 4, FcChannels = 64 }, contents.DeconvNetOptions);
        Assert.Null(contents.ClassNames);
        Assert.Equal(30 * 2 + 29 * 2, contents.Tensors.Count);
        Assert.Equal("conv1_1.weight", contents.Tensors[0].Name);
        Assert.Equal([1, 1, 1, 4], contents.Tensors[1].Shape);
    }

    [Fact]
    public void Files_of_other_networks_list_their_tensors_and_say_why_they_do_not_load()
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder["other.safetensors"], [new WeightTensor("a", [2, 1], () => new float[2])]);
        var contents = WeightsContents.Read(folder["other.safetensors"]);
        Assert.Equal("a", Assert.Single(contents.Tensors).Name);
        Assert.Null(contents.DeconvNetOptions);
        Assert.Contains("not a DeconvNet: layer 'conv1_1'", contents.Refusal, StringComparison.Ordinal);

        File.WriteAllBytes(folder["other.caffemodel"], NewNet(Bytes(7, Bytes(1, Varint(6))), Doubles(8, 1, 2, 3, 4, 5, 6)));
        contents = WeightsContents.Read(folder["other.caffemodel"]);
        Assert.Equal(("layer.weight", WeightType.F64), (contents.Tensors[0].Name, contents.Tensors[0].Type));
        Assert.Contains("conv1_1", contents.Refusal, StringComparison.Ordinal);

        var model = new Dictionary<string, string>(WeightsMetadata.Write(Tiny, ["a", "b", "c"], WeightsInfo.None));
        SafetensorsFile.Write(folder["short.safetensors"], [new WeightTensor("conv1_1.weight", [2, 1], () => new float[2])], model);
        contents = WeightsContents.Read(folder["short.safetensors"]);
        Assert.Equal(Tiny, contents.DeconvNetOptions);
        Assert.Contains("conv1_1.weight is [2, 1], expected [2, 3, 3, 3]", contents.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_no_known_format_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["text"], "no weights at all");
        Assert.Throws<InvalidDataException>(() => WeightsContents.Read(folder["text"]));
        Assert.Throws<FileNotFoundException>(() => WeightsContents.Read(folder["missing"]));
        Assert.Throws<ArgumentException>(() => WeightsContents.Read(" "));
    }
}
