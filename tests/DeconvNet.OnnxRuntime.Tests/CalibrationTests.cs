using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Weights;
using static TorchSharp.torch;

namespace DeconvNet.OnnxRuntime.Tests;

/// <summary>Calibration and export of what nobody would call typical: photos without content, weights that are no numbers.</summary>
[Collection(TorchTests.Name)]
public sealed class CalibrationTests : IDisposable
{
    private const int Side = 32;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(40, 30, 128)]
    [InlineData(1, 1, 0)]
    [InlineData(1, 300, 255)]
    public void A_single_photo_without_content_gives_a_network_that_works(int width, int height, byte gray)
    {
        new RgbImage(width, height, [.. Enumerable.Repeat(gray, 3 * width * height)]).SavePng(folder["photo.png"]);
        using var deconvNet = new DeconvNetModel(TestNetworks.DeconvNet).Randomize();
        using var fcn = new FcnModel(TestNetworks.Fcn).Randomize();
        foreach (var weights in new[] { TestNetworks.Save(deconvNet, folder["deconvnet.safetensors"]), TestNetworks.Save(fcn, folder["fcn.safetensors"]) })
        {
            var histograms = OnnxModel.Calibrate(weights, [folder["photo.png"]], cancellationToken: TestContext.Current.CancellationToken);
            Assert.All(histograms.Layers, layer => Assert.InRange(histograms.RangeOf(layer), 1e-15f, 1e6f));
            OnnxModel.ExportInt8(weights, histograms, folder["int8.onnx"]);
            using var model = OnnxModel.Load(folder["int8.onnx"]);
            Assert.All(Logits(model), value => Assert.True(float.IsFinite(value)));
        }
    }

    [Fact]
    public async Task A_cancellation_ends_a_pass_before_its_photo_is_through()
    {
        using var source = new CancellationTokenSource();
        var photo = Path.Combine(AppContext.BaseDirectory, "photos", "cat.jpg");
        var work = Task.Run(() => OnnxModel.Calibrate(CompactWeights.DeconvNet, [photo], cancellationToken: source.Token), TestContext.Current.CancellationToken);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
    }

    [Theory]
    [InlineData("conv3_1.weight", float.NaN, "the kernel of layer 'conv3_1'")]
    [InlineData("conv3_1.bias", float.NaN, "the bias of layer 'conv3_1'")]
    [InlineData("bn3_1.running_var", -1f, "of layer 'conv3_1'")]
    [InlineData("bn3_1.weight", float.PositiveInfinity, "of layer 'conv3_1'")]
    public void Weights_that_are_not_finite_are_refused_by_name_and_nothing_is_written(string tensor, float value, string expected)
    {
        using var model = new DeconvNetModel(TestNetworks.DeconvNet).Randomize();
        using (no_grad())
            model.state_dict()[tensor].fill_(value);
        var weights = TestNetworks.Save(model, folder["model.safetensors"]);
        Refused(() => OnnxModel.Export(weights, folder["model.onnx"]));
        Refused(() => weights.LoadOnnxModel());
        Refused(() => OnnxModel.Calibrate(weights, ["photo.jpg"], cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(["model.safetensors"], Directory.EnumerateFiles(folder.Root).Select(Path.GetFileName));

        void Refused(Action action) => Assert.Contains(expected, Assert.Throws<InvalidDataException>(action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_overflowing_network_is_refused_instead_of_giving_background()
    {
        using var model = new DeconvNetModel(TestNetworks.DeconvNet).Randomize();
        using (no_grad())
        {
            foreach (var (_, value) in model.named_parameters())
                value.mul_(1e15f);
        }

        var weights = TestNetworks.Save(model, folder["model.safetensors"]);
        var photo = Path.Combine(AppContext.BaseDirectory, "photos", "cat.jpg");
        Assert.Contains("has NaN or infinity", Assert.Throws<InvalidDataException>(() => OnnxModel.Calibrate(weights, [photo], cancellationToken: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        using var onnx = weights.LoadOnnxModel();
        using var segmenter = onnx.CreateSegmenter();
        Assert.Throws<InvalidOperationException>(() => segmenter.Segment(RgbImage.Load(photo), cancellationToken: TestContext.Current.CancellationToken));
    }

    private static float[] Logits(OnnxModel model)
    {
        using var scorer = new OnnxScorer(model);
        var logits = new float[model.ClassNames.Count * Side * Side];
        scorer.Score(TestNetworks.RandomInput(3 * Side * Side), 1, Side, Side, logits, TestContext.Current.CancellationToken);
        return logits;
    }
}
