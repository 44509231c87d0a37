using DeconvNet.Imaging;
using DeconvNet.OnnxRuntime.Graphs;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace DeconvNet.OnnxRuntime.Tests;

/// <summary>A file alone rebuilds its segmenter, or is refused in words.</summary>
[Collection(TorchTests.Name)]
public class OnnxFileTests
{
    public static TheoryData<TrainedWeights> Compact => [CompactWeights.DeconvNet, CompactWeights.Fcn8s];

    [Theory]
    [MemberData(nameof(Compact))]
    public void The_file_alone_rebuilds_its_segmenter(TrainedWeights weights)
    {
        using var folder = new TemporaryFolder();
        OnnxModel.Export(weights, folder["model.onnx"]);
        using var model = OnnxModel.Load(folder["model.onnx"]);
        Assert.Equal(weights.Contents.DeconvNetOptions, model.DeconvNetOptions);
        Assert.Equal(weights.Contents.FcnOptions, model.FcnOptions);
        Assert.Equal(weights.Contents.ClassNames, model.ClassNames);
        Assert.Equal(weights.Info.License, model.Info.License);
        Assert.Equal(weights.Info.Inference, model.Info.Inference);
        Assert.Equal(weights.Info.Metrics, model.Info.Metrics);

        var photo = RgbImage.Load(Path.Combine(AppContext.BaseDirectory, "photos", "cat.jpg"));
        using var ofFile = model.CreateSegmenter();
        using ISegmenter ofWeights = weights is FcnWeights fcn ? fcn.CreateOnnxSegmenter() : ((DeconvNetWeights)weights).CreateOnnxSegmenter();
        Assert.Equal(ofWeights.Segment(photo, cancellationToken: TestContext.Current.CancellationToken).Labels.Pixels, ofFile.Segment(photo, cancellationToken: TestContext.Current.CancellationToken).Labels.Pixels);
    }

    [Fact]
    public void Equal_weights_give_equal_bytes() => Assert.Equal(TestNetworks.ExportSmallDeconvNet(), TestNetworks.ExportSmallDeconvNet());

    [Fact]
    public void What_export_is_given_replaces_what_the_weights_say()
    {
        using var bytes = new MemoryStream();
        OnnxModel.Export(CompactWeights.Fcn8s, bytes, CompactWeights.Fcn8s.Info with { Name = "another" });
        bytes.Position = 0;
        using var model = OnnxModel.Load(bytes, "another");
        Assert.Equal(CompactWeights.Fcn8s.Info with { Name = "another", Metrics = model.Info.Metrics }, model.Info);
    }

    [Fact]
    public void Damaged_weights_leave_an_older_file_as_it_was()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model.onnx"], "older");
        var weights = new DeconvNetWeights("damaged.safetensors", () => new MemoryStream(new byte[100]));
        Assert.Contains("damaged.safetensors", Assert.Throws<InvalidDataException>(() => OnnxModel.Export(weights, folder["model.onnx"])).Message, StringComparison.Ordinal);
        Assert.Equal("older", File.ReadAllText(folder["model.onnx"]));
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void Weights_of_the_other_network_are_refused()
    {
        var weights = new FcnWeights("compact.safetensors", CompactWeights.DeconvNet.OpenRead);
        Assert.Throws<InvalidDataException>(() => weights.CreateOnnxSegmenter());
    }

    [Fact]
    public void A_truncated_file_is_refused_wherever_it_ends()
    {
        var whole = TestNetworks.ExportSmallDeconvNet();
        foreach (var length in Enumerable.Range(0, 40).Select(i => i * 61).Concat(Enumerable.Range(1, 40).Select(i => (whole.Length * i / 40) - 1)))
        {
            var error = Assert.Throws<InvalidDataException>(() => OnnxModel.Load(new MemoryStream(whole, 0, length), "short.onnx"));
            Assert.StartsWith("short.onnx", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_damaged_file_runs_or_is_refused_with_an_explanation()
    {
        var refused = DamagedModels.Run(TestNetworks.ExportSmallDeconvNet(), cases: 200);
        Assert.True(refused > 100, $"{refused} of 200 damaged files were refused.");
    }

    [Theory]
    [InlineData(false, "deconvnet.format")]
    [InlineData(true, "'input'")]
    public void A_file_of_another_program_is_refused(bool hasMetadata, string expected)
    {
        var graph = new OnnxGraph();
        graph.Output(graph.Node("Identity", "copy", "copy", [graph.Input("pixels", 1, 3)]), 1, 3);
        using var bytes = new MemoryStream();
        graph.WriteTo(bytes, "foreign", hasMetadata ? WeightsMetadata.Write(TestNetworks.DeconvNet, ["background", "a", "b"], WeightsInfo.None) : []);
        bytes.Position = 0;
        var error = Assert.Throws<InvalidDataException>(() => OnnxModel.Load(bytes, "foreign.onnx"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_and_a_missing_file_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("is a folder", Assert.Throws<InvalidDataException>(() => OnnxModel.Load(folder.Root)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => OnnxModel.Load(folder["missing.onnx"]));
    }
}
