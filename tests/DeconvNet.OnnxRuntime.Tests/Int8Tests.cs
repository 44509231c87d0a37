using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.OnnxRuntime.Calibration;
using DeconvNet.Segmentation;
using DeconvNet.Weights;

namespace DeconvNet.OnnxRuntime.Tests;

/// <summary>Networks with 8 bits compute nearly what those with floats compute, and say of themselves what they are.</summary>
[Collection(TorchTests.Name)]
public class Int8Tests
{
    private static readonly Int8Options Finest = new() { Range = RangeRule.Largest, WeightBits = 8, FullyConnectedWeightBits = 8 };

    private static string[] Photos { get; } = [Path.Combine(AppContext.BaseDirectory, "photos", "cat.jpg")];

    [Theory]
    [InlineData(LayerNaming.Authors)]
    [InlineData(LayerNaming.Keras)]
    public void DeconvNet(LayerNaming naming)
    {
        using var model = new DeconvNetModel(TestNetworks.DeconvNet with { Naming = naming, Width = 16, FcChannels = 32 }).Randomize();

        // Rounding changes some switches, of which nothing continuous depends; where they come from floats, the rest is as near as in an FCN.
        AssertNear(model, 32, layer => layer.StartsWith("conv", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(FcnStride.ThirtyTwo)]
    [InlineData(FcnStride.Eight)]
    public void Fcn(FcnStride stride)
    {
        using var model = new FcnModel(TestNetworks.Fcn with { Stride = stride, Width = 16, FcChannels = 32 }).Randomize();
        AssertNear(model, 64, _ => false);
    }

    [Theory]
    [InlineData("cat.jpg", "cat")]
    [InlineData("horse_person.jpg", "horse")]
    public void The_weights_with_8_bits_name_the_pixels_that_those_with_floats_name(string photo, string name)
    {
        var image = RgbImage.Load(Path.Combine(AppContext.BaseDirectory, "photos", photo));
        using var deconvNet = CompactWeights.DeconvNet.CreateOnnxSegmenter(ProposalSegmenterOptions.Fast);
        using var deconvNetInt8 = Int8Weights.DeconvNet.CreateSegmenter(ProposalSegmenterOptions.Fast);
        AssertAgree(deconvNet, deconvNetInt8);
        using var fcn = CompactWeights.Fcn8s.CreateOnnxSegmenter();
        using var fcnInt8 = Int8Weights.Fcn8s.CreateSegmenter();
        AssertAgree(fcn, fcnInt8);

        void AssertAgree(ISegmenter floats, ISegmenter int8)
        {
            var (expected, actual) = (floats.Segment(image).Labels.Pixels.ToArray(), int8.Segment(image));
            var equal = expected.Zip(actual.Labels.Pixels.ToArray()).Count(pair => pair.First == pair.Second);
            Assert.True(equal >= 0.97 * expected.Length, $"Only {equal} of {expected.Length} pixels agree.");
            Assert.Contains(actual.Classes, found => found.Name == name);
        }
    }

    [Fact]
    public void The_weights_with_8_bits_say_what_those_with_floats_say()
    {
        using var deconvNet = Int8Weights.DeconvNet.LoadModel();
        using var fcn = Int8Weights.Fcn8s.LoadModel();
        Assert.Equal(CompactWeights.DeconvNet.Options, deconvNet.DeconvNetOptions);
        Assert.Equal(CompactWeights.Fcn8s.Options, fcn.FcnOptions);
        Assert.Equal(CompactWeights.DeconvNet.Info.Inference, deconvNet.Info.Inference);
        Assert.Equal(CompactWeights.Fcn8s.Info.Inference, fcn.Info.Inference);
        Assert.Equal($"{CompactWeights.DeconvNet.Info.Id}-int8", deconvNet.Info.Id);
        Assert.Equal($"{CompactWeights.Fcn8s.Info.Id}-int8", fcn.Info.Id);
        Assert.Equal(CompactWeights.Ensemble, Int8Weights.Ensemble);
    }

    [Fact]
    public void Weights_of_the_other_network_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new DeconvNetOnnxWeights("fcn", Int8Weights.Fcn8s.OpenRead).CreateSegmenter());
        Assert.Throws<ArgumentException>(() => new FcnOnnxWeights("deconvnet", Int8Weights.DeconvNet.OpenRead).CreateSegmenter());
    }

    [Fact]
    public void Layers_can_stay_in_floats()
    {
        using var folder = new TemporaryFolder();
        using var model = new DeconvNetModel(TestNetworks.DeconvNet).Randomize();
        var weights = TestNetworks.Save(model, folder["small.safetensors"]);
        var histograms = OnnxModel.Calibrate(weights, Photos, cancellationToken: TestContext.Current.CancellationToken);
        var input = TestNetworks.RandomInput(2 * 3 * 32 * 32);
        var expected = Logits(weights.LoadOnnxModel(), input, 2, 32);
        Assert.NotEqual(expected, Logits(Rounded(Finest), input, 2, 32));
        Assert.Equal(expected, Logits(Rounded(Finest with { FloatLayers = [.. histograms.Layers] }), input, 2, 32));

        OnnxModel Rounded(Int8Options options)
        {
            OnnxModel.ExportInt8(weights, histograms, folder["int8.onnx"], options);
            return OnnxModel.Load(folder["int8.onnx"]);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        using var model = new DeconvNetModel(TestNetworks.DeconvNet).Randomize();
        using var other = new DeconvNetModel(TestNetworks.DeconvNet with { Naming = LayerNaming.Keras }).Randomize();
        var (weights, others) = (TestNetworks.Save(model, folder["small.safetensors"]), TestNetworks.Save(other, folder["other.safetensors"]));
        var histograms = OnnxModel.Calibrate(weights, Photos, cancellationToken: TestContext.Current.CancellationToken);
        Refused(() => OnnxModel.ExportInt8(others, histograms, folder["int8.onnx"]), "they are those of another network");
        Refused(() => OnnxModel.ExportInt8(weights, histograms, folder["int8.onnx"], Finest with { FloatLayers = ["conv9"] }), "names 'conv9'; expected some of conv1_1, ");
        Refused(() => histograms.RangeOf("conv9"), "There is no layer 'conv9'");
        Refused(() => OnnxModel.Calibrate(weights, [], cancellationToken: TestContext.Current.CancellationToken), "There are no photos");
        Assert.Throws<FileNotFoundException>(() => OnnxModel.Calibrate(weights, [folder["missing.jpg"]], cancellationToken: TestContext.Current.CancellationToken));
        Assert.False(File.Exists(folder["int8.onnx"]));

        static void Refused(Action action, string message) => Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calibration_ends_when_canceled_and_reports_its_progress()
    {
        using var folder = new TemporaryFolder();
        using var model = new DeconvNetModel(TestNetworks.DeconvNet).Randomize();
        var weights = TestNetworks.Save(model, folder["small.safetensors"]);
        using var cancellation = new CancellationTokenSource();
        var steps = new List<WorkProgress>();
        var progress = new Listener(step =>
        {
            steps.Add(step);
            cancellation.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => OnnxModel.Calibrate(weights, [.. Photos, .. Photos], progress: progress, cancellationToken: cancellation.Token));
        Assert.Equal([new WorkProgress(1, 2)], steps);
    }

    [Fact]
    public void A_compressed_file_is_read_and_a_damaged_one_refused()
    {
        using var folder = new TemporaryFolder();
        OnnxModel.Export(CompactWeights.Fcn8s, folder["fcn.onnx.gz"]);
        using (var model = OnnxModel.Load(folder["fcn.onnx.gz"]))
            Assert.Equal(CompactWeights.Fcn8s.Options, model.FcnOptions);
        var bytes = File.ReadAllBytes(folder["fcn.onnx.gz"]);
        Assert.Equal([0x1F, 0x8B], bytes[..2]);
        bytes[bytes.Length / 2] ^= 0x55;
        Refused(bytes);
        Refused(bytes[..1000]);
        using var zeros = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(zeros, System.IO.Compression.CompressionLevel.Optimal))
            gzip.Write(new byte[20_000_000]);
        Refused(zeros.ToArray());

        static void Refused(byte[] bytes) =>
            Assert.Contains("damaged.onnx.gz", Assert.Throws<InvalidDataException>(() => OnnxModel.Load(new MemoryStream(bytes), "damaged.onnx.gz")).Message, StringComparison.Ordinal);
    }

    private static void AssertNear(SegmentationModel model, int side, Func<string, bool> staysFloat)
    {
        using var folder = new TemporaryFolder();
        var weights = TestNetworks.Save(model, folder["model.safetensors"]);
        var histograms = OnnxModel.Calibrate(weights, Photos, cancellationToken: TestContext.Current.CancellationToken);
        OnnxModel.ExportInt8(weights, histograms, folder["int8.onnx"], Finest with { FloatLayers = [.. histograms.Layers.Where(staysFloat)] });

        // As large as the pixels of photos, on which the ranges were measured.
        float[] input = [.. TestNetworks.RandomInput(2 * 3 * side * side).Select(value => 200 * value)];
        var (expected, actual) = (Logits(weights.LoadOnnxModel(), input, 2, side), Logits(OnnxModel.Load(folder["int8.onnx"]), input, 2, side));
        var norm = Math.Sqrt(expected.Sum(value => (double)value * value));
        var distance = Math.Sqrt(expected.Zip(actual).Sum(pair => Math.Pow((double)pair.First - pair.Second, 2)));
        Assert.True(norm > 0, "The logits are all zero.");
        Assert.NotEqual(expected, actual);
        TestContext.Current.TestOutputHelper?.WriteLine($"The relative L2 distance is {distance / norm}.");
        Assert.True(distance <= 0.1 * norm, $"The relative L2 distance is {distance / norm}.");
    }

    private static float[] Logits(OnnxModel model, float[] input, int count, int side)
    {
        using var owned = model;
        using var scorer = new OnnxScorer(model);
        var logits = new float[count * model.ClassNames.Count * side * side];
        scorer.Score(input, count, side, side, logits, TestContext.Current.CancellationToken);
        return logits;
    }

    private sealed class Listener(Action<WorkProgress> report) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => report(value);
    }
}
