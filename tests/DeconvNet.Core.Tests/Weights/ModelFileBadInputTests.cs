using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;
using TorchSharp;

namespace DeconvNet.Tests.Weights;

[Collection(TorchTests.Name)]
public sealed class ModelFileBadInputTests
{
    private static readonly DeconvNetOptions Tiny = new() { Width = 1, FcChannels = 2, InputSize = 32, ClassCount = 3 };

    [Fact]
    public void A_file_for_another_network_is_refused_with_every_difference()
    {
        using var folder = new TemporaryFolder();
        var tensors = Tensors().Where(tensor => tensor.Name != "fc7.bias")
            .Select(tensor => tensor.Name == "fc7.weight" ? MakeTensor("fc7.weight", [2, 3, 1, 1]) : tensor)
            .Append(MakeTensor("fc8.weight", [2]));
        SafetensorsFile.Write(folder["x.safetensors"], tensors, WeightsMetadata.Write(Tiny, ["a", "b", "c"], WeightsInfo.None));

        var error = Assert.Throws<InvalidDataException>(() => DeconvNetModel.Load(folder["x.safetensors"]));
        Assert.Contains("x.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 missing: fc7.bias", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 unexpected: fc8.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("fc7.weight is [2, 3, 1, 1], expected [2, 2, 1, 1]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deconvnet.format", "2", "this version of the library reads '1'")]
    [InlineData("deconvnet.options", null, "only files saved by DeconvNetModel.Save")]
    [InlineData("deconvnet.options", "{", "deconvnet.options cannot be read")]
    [InlineData("deconvnet.options", "null", "deconvnet.options cannot be read")]
    [InlineData("deconvnet.options", """{"width": -1}""", "Width is -1")]
    [InlineData("deconvnet.options", """{"width": 1, "width": 2}""", "cannot be read")]
    [InlineData("deconvnet.options", """{"depth": 1}""", "cannot be read")]
    [InlineData("deconvnet.options", """{"preprocessing": null}""", "cannot be read")]
    [InlineData("deconvnet.options", """{"preprocessing": {"order": "Bgr"}}""", "cannot be read")]
    [InlineData("deconvnet.options", """{"preprocessing": {"order": "Bgr", "scale": 1e99, "mean0": 0, "mean1": 0, "mean2": 0}}""", "not finite")]
    [InlineData("deconvnet.options", """{"width": 1000, "fcChannels": 65536, "inputSize": 2048, "classCount": 3}""", "of another shape")]
    [InlineData("deconvnet.classes", """["a", "b"]""", "2 names")]
    [InlineData("deconvnet.classes", """["a", "b", null]""", "names")]
    [InlineData("deconvnet.options", """{"preprocessing": {"order": 7, "scale": 1, "mean0": 0, "mean1": 0, "mean2": 0}, "classCount": 3}""", "order of channels is 7")]
    [InlineData("deconvnet.options", """{"naming": 7}""", "naming")]
    [InlineData("deconvnet.options", """{"\ud800": 1}""", "cannot be read")]
    [InlineData("deconvnet.info", """{"name": "\ud800"}""", "cannot be read")]
    [InlineData("deconvnet.info", """{"metrics": {"val": {"imageCount": 1, "meanIoU": 1e999}}}""", "MeanIoU is Infinity; it must be 0 to 1")]
    [InlineData("deconvnet.info", """{"metrics": {"val": {"imageCount": 0, "meanIoU": 0.5}}}""", "ImageCount is 0; it must be at least 1")]
    [InlineData("deconvnet.info", """{"metrics": {"val": {"imageCount": 1, "meanIoU": 0.5, "pixelAccuracy": -1}}}""", "PixelAccuracy is -1; it must be 0 to 1")]
    [InlineData("deconvnet.info", """{"metrics": {"val": {"imageCount": 1}}}""", "meanIoU")]
    [InlineData("deconvnet.info", """{"metrics": {"val": null}}""", "The metrics of 'val' are null")]
    [InlineData("deconvnet.info", """{"metrics": {"val": "0.5"}}""", "deconvnet.info cannot be read")]
    [InlineData("deconvnet.info", """{"inference": {"maxProposals": 0}}""", "MaxProposals is 0")]
    [InlineData("deconvnet.info", """{"inference": {"temperature": -1}}""", "Temperature is -1")]
    [InlineData("deconvnet.info", """{"inference": {"minRegionConfidence": 1}}""", "MinRegionConfidence is 1")]
    [InlineData("deconvnet.info", "[]", "deconvnet.info cannot be read")]
    public void A_file_with_damaged_knowledge_is_refused(string key, string? value, string expected)
    {
        using var folder = new TemporaryFolder();
        var metadata = WeightsMetadata.Write(Tiny, ["a", "b", "c"], WeightsInfo.None);
        if (value is null)
            metadata.Remove(key);
        else
            metadata[key] = value;
        SafetensorsFile.Write(folder["x.safetensors"], Tensors(), metadata);
        var error = Assert.Throws<InvalidDataException>(() => DeconvNetModel.Load(folder["x.safetensors"]));
        Assert.Contains(expected, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Options_that_a_file_does_not_name_have_their_defaults()
    {
        using var folder = new TemporaryFolder();
        var metadata = WeightsMetadata.Write(Tiny, ["a", "b", "c"], WeightsInfo.None);
        metadata["deconvnet.options"] = """{"width": 1, "fcChannels": 2, "inputSize": 32, "classCount": 3}""";
        SafetensorsFile.Write(folder["x.safetensors"], Tensors(), metadata);
        using var model = DeconvNetModel.Load(folder["x.safetensors"]);
        Assert.Equal(Tiny, model.Options);
    }

    [Fact]
    public void A_file_of_an_earlier_version_opens_without_its_figures()
    {
        using var folder = new TemporaryFolder();
        var metadata = WeightsMetadata.Write(Tiny, ["a", "b", "c"], WeightsInfo.None);
        metadata["deconvnet.info"] = """{"id": "tiny-1", "licence": "MIT", "metrics": {"val/mean-iou": 0.5, "new": {"imageCount": 2, "meanIoU": 0.25}}}""";
        SafetensorsFile.Write(folder["x.safetensors"], Tensors(), metadata);

        using var model = DeconvNetModel.Load(folder["x.safetensors"]);

        Assert.Equal(("tiny-1", "MIT"), (model.Info.Id, model.Info.License));
        Assert.Equal([new("new", new MeasuredAccuracy { ImageCount = 2, MeanIoU = 0.25 })], model.Info.Metrics);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("PK\u0003\u0004 a zip file", "zip archive")]
    [InlineData("hello, world", "neither a safetensors file nor a caffemodel")]
    [InlineData("\n\u0003net", "not a DeconvNet")]
    public void Another_kind_of_file_is_refused(string content, string expected)
    {
        using var stream = new MemoryStream(System.Text.Encoding.Latin1.GetBytes(content));
        var error = Assert.Throws<InvalidDataException>(() => DeconvNetModel.Load(stream, "other"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<FileNotFoundException>(() => DeconvNetModel.Load("no-such.safetensors"));
        Assert.EndsWith("no-such.safetensors", error.FileName, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DeconvNetModel.Load(" "));
        Assert.Throws<ArgumentOutOfRangeException>(() => DeconvNetModel.Load(ModelFileTests.SlimCaffemodel, (CaffeBatchNorm)7));
    }

    [Fact]
    public void A_failed_save_leaves_the_older_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        using var model = ModelFileTests.MakeModel(Tiny);
        model.Save(folder["x.safetensors"]);
        var older = File.ReadAllBytes(folder["x.safetensors"]);
        using (torch.no_grad())
            model.Kernel(model.Layers[0]).Weight.fill_(1e6);

        var error = Assert.Throws<ArgumentException>(() => model.Save(folder["x.safetensors"], precision: WeightPrecision.Half));
        Assert.Contains("conv1_1.weight", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Save(
            folder["x.safetensors"], new WeightsInfo { Metrics = new Dictionary<string, MeasuredAccuracy> { ["val"] = new() { ImageCount = 1, MeanIoU = double.NaN } } }));
        Assert.Equal(older, File.ReadAllBytes(folder["x.safetensors"]));
        Assert.Equal(["x.safetensors"], Directory.GetFiles(folder.Root).Select(Path.GetFileName));
        Assert.Throws<DirectoryNotFoundException>(() => model.Save(folder[Path.Combine("nowhere", "x.safetensors")]));
    }

    private static IEnumerable<WeightTensor> Tensors() => WeightSlot.Of(LayerTable.Create(Tiny)).Select(slot => MakeTensor(slot.Name, slot.Shape));

    private static WeightTensor MakeTensor(string name, IReadOnlyList<long> shape) => new(name, shape, () => new float[WeightShape.Count(shape)!.Value]);
}
