using DeconvNet.Architecture;
using DeconvNet.Engine;
using DeconvNet.Networks;
using DeconvNet.Runtime;
using DeconvNet.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Networks;

/// <summary>A scorer computes in another order, layout and number format than the model's forward pass; both must agree.</summary>
[Collection(TorchTests.Name)]
public class InferenceKernelsTests
{
    private const int Height = 45;
    private const int Width = 38;

    [Theory]
    [InlineData(16, 1, false, false)]
    [InlineData(16, 3, true, false)]
    [InlineData(5, 2, false, false)]
    [InlineData(5, 2, true, true)]
    [InlineData(24, 1, false, true)]
    public void A_DeconvNet_scores_as_its_forward_pass_in_64_bits(int width, int batch, bool hasBias, bool isPadded)
    {
        using var scope = NewDisposeScope();
        using var forced = isPadded ? new ForcedPadding() : null;
        using var model = MakeDeconvNet(width, hasBias);
        AssertNear(Score(model, batch, 32, 32), Reference(model, batch, 32, 32), 1e-5);
    }

    [Theory]
    [InlineData(16, FcnStride.Eight, true, false)]
    [InlineData(5, FcnStride.Eight, true, true)]
    [InlineData(20, FcnStride.Sixteen, true, false)]
    [InlineData(12, FcnStride.ThirtyTwo, false, false)]
    public void An_FCN_scores_as_its_forward_pass_in_64_bits(int width, FcnStride stride, bool hasBatchNorm, bool isPadded)
    {
        using var scope = NewDisposeScope();
        using var forced = isPadded ? new ForcedPadding() : null;
        using var model = MakeFcn(width, stride, hasBatchNorm);
        AssertNear(Score(model, 2, Height, Width), Reference(model, 2, Height, Width), 1e-5);
    }

    [Fact]
    public void A_model_that_its_owner_changes_scores_with_the_new_values()
    {
        using var scope = NewDisposeScope();
        using var model = MakeDeconvNet(8, hasBias: false);
        using var scorer = new TorchScorer(model);
        var before = Score(scorer, 1, 32, 32);
        using (no_grad())
        {
            foreach (var parameter in model.parameters().Concat(model.buffers()).Where(tensor => tensor.is_floating_point()))
                parameter.mul_(1.25);
        }

        var after = Score(scorer, 1, 32, 32);
        Assert.True(Distance(after, before) > 1e-2);
        AssertNear(after, Reference(model, 1, 32, 32), 1e-5);
    }

    [Fact]
    public void A_scorer_that_owns_its_model_gives_the_same_bits_in_every_call_as_one_that_does_not()
    {
        using var scope = NewDisposeScope();
        var model = MakeDeconvNet(8, hasBias: true);
        var expected = Score(model, 2, 32, 32);
        using var scorer = new TorchScorer(model) { OwnsNetwork = true };
        Assert.Equal(expected, Score(scorer, 2, 32, 32));
        Assert.Equal(expected, Score(scorer, 2, 32, 32));
    }

    [Fact]
    public void Kernels_that_are_disposed_leave_no_tensor_behind()
    {
        using var model = MakeDeconvNet(8, hasBias: true);
        var before = LiveTensors.CountSettled();
        using (var kernels = new InferenceKernels(model, ScalarType.BFloat16))
            Assert.True(Tensor.TotalCount > before);
        Assert.Equal(before, LiveTensors.CountSettled());
    }

    [Fact]
    public void A_model_in_64_bits_is_run_in_64_bits()
    {
        using var scope = NewDisposeScope();
        using var model = MakeDeconvNet(8, hasBias: false);
        model.to(float64);
        AssertNear(Score(model, 1, 32, 32), Reference(model, 1, 32, 32), 1e-7);
    }

    [Fact]
    public void Sixteen_bits_change_scores_by_their_rounding_and_no_more()
    {
        using var scope = NewDisposeScope();
        TorchRuntime.EnsureUsable();
        Assert.SkipUnless(OneDnn.IsCorrectIn(ScalarType.BFloat16), "OneDNN is off or wrong here.");
        using var model = MakeDeconvNet(16, hasBias: false);
        var distance = Distance(Score(model, 2, 32, 32, TorchPrecision.BFloat16), Score(model, 2, 32, 32));

        // Each of 29 layers rounds to 8 significant bits; switches that change add to that. Below the first bound, nothing would have been rounded.
        Assert.InRange(distance, 1e-4, 0.15);

        using var fcn = MakeFcn(16, FcnStride.Eight, hasBatchNorm: true);
        Assert.InRange(Distance(Score(fcn, 1, Height, Width, TorchPrecision.BFloat16), Score(fcn, 1, Height, Width)), 1e-4, 0.15);
    }

    [Theory]
    [InlineData(TorchPrecision.BFloat16)]
    [InlineData(TorchPrecision.Half)]
    public void Where_a_processor_cannot_be_trusted_with_16_bits_the_model_runs_in_its_own(TorchPrecision precision)
    {
        using var scope = NewDisposeScope();
        using var forced = new ForcedPadding();
        using var model = MakeDeconvNet(8, hasBias: false);
        Assert.Equal(Score(model, 2, 32, 32), Score(model, 2, 32, 32, precision));
    }

    [Fact]
    public void Crops_come_in_batches_of_equal_size_larger_ones_where_threads_take_shares()
    {
        using var scope = NewDisposeScope();
        using var many = new ThreadSetting(64);
        using var model = MakeDeconvNet(1, hasBias: false);
        using var scorer = new TorchScorer(model);
        Assert.Equal([1, 16, 9, 13], new[] { 1, 16, 17, 50 }.Select(scorer.BatchSizeFor));
        Assert.Throws<ArgumentOutOfRangeException>(() => scorer.BatchSizeFor(0));

        using var large = new DeconvNetModel(model.Options with { InputSize = 128 });
        using var largeScorer = new TorchScorer(large);
        Assert.Equal([8, 8], new[] { 8, 50 }.Select(largeScorer.BatchSizeFor));

        Assert.SkipUnless(OpenMpThreads.CanBeLimited, "OpenMP's functions were not found.");
        using var few = new ThreadSetting(2);
        Assert.Equal([1, 16, 17, 50, 250], new[] { 1, 16, 17, 50, 1000 }.Select(scorer.BatchSizeFor));
        Assert.Equal([1, 20, 25], new[] { 1, 20, 50 }.Select(largeScorer.BatchSizeFor));
    }

    [Fact]
    public void A_precision_that_does_not_exist_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = MakeDeconvNet(1, hasBias: false);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new TorchScorer(model, new TorchEngineOptions { Precision = (TorchPrecision)7 }));
        Assert.Contains("Precision", error.Message, StringComparison.Ordinal);
        Assert.Contains("7", error.Message, StringComparison.Ordinal);
    }

    private static DeconvNetModel MakeDeconvNet(int width, bool hasBias)
    {
        var model = new DeconvNetModel(new() { Width = width, FcChannels = 2 * width, InputSize = 32, ClassCount = 5, ConvBias = hasBias, BatchNormEpsilon = 1e-5 });
        return Varied(model);
    }

    private static FcnModel MakeFcn(int width, FcnStride stride, bool hasBatchNorm) =>
        Varied(new FcnModel(FcnOptions.Compact with { Width = width, FcChannels = 2 * width, Stride = stride, ClassCount = 5, BatchNorm = hasBatchNorm, ConvBias = true }));

    /// <summary>Gives every layer weights of its own scale, and batch norms statistics unlike those of a fresh network.</summary>
    private static T Varied<T>(T model)
        where T : SegmentationModel
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        using var frozen = no_grad();
        foreach (var row in model.Layers.Where(row => row.HasWeights))
        {
            var (weight, bias) = model.Kernel(row);
            if (row.Kind != LayerKind.Upsampling)
                weight.copy_(randn(weight.shape, generator: generator) * Math.Sqrt(2.0 / (row.InChannels * row.Kernel * row.Kernel)));
            bias?.copy_(randn(bias.shape, generator: generator) * 0.1);
            if (row.BatchNorm is null)
                continue;
            var norm = model.BatchNorm(row);
            norm.weight!.copy_(rand(norm.weight.shape, generator: generator) + 0.5);
            norm.bias!.copy_(randn(norm.bias!.shape, generator: generator) * 0.2);
            norm.running_mean!.copy_(randn(norm.running_mean.shape, generator: generator) * 0.2);
            norm.running_var!.copy_(rand(norm.running_var.shape, generator: generator) + 0.5);
        }

        model.eval();
        return model;
    }

    private static float[] Images(int count, int height, int width)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count * 3 * height * width).Select(_ => (float)((random.NextDouble() * 4) - 2))];
    }

    private static float[] Score(SegmentationModel model, int count, int height, int width, TorchPrecision precision = TorchPrecision.Full)
    {
        using var scorer = new TorchScorer(model, new TorchEngineOptions { Precision = precision });
        return Score(scorer, count, height, width);
    }

    private static float[] Score(TorchScorer scorer, int count, int height, int width)
    {
        var logits = new float[count * scorer.ClassNames.Count * height * width];
        scorer.Score(Images(count, height, width), count, height, width, logits, TestContext.Current.CancellationToken);
        return logits;
    }

    /// <summary>The logits of the model's own forward pass, which folds nothing, in 64 bits; the model stays in 64 bits.</summary>
    private static float[] Reference(SegmentationModel model, int count, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        model.to(float64);
        return model.forward(tensor(Images(count, height, width), [count, 3, height, width]).to(float64)).to(float32).data<float>().ToArray();
    }

    private static void AssertNear(float[] actual, float[] expected, double tolerance) =>
        Assert.True(Distance(actual, expected) < tolerance, $"The logits differ by {Distance(actual, expected)} (relative L2).");

    private static double Distance(float[] actual, float[] expected) =>
        Math.Sqrt(actual.Zip(expected, (a, b) => Math.Pow(a - b, 2)).Sum() / expected.Sum(b => Math.Pow(b, 2)));
}
