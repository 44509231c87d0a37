using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using DeconvNet.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;
using Optimizer = DeconvNet.Training.Optimization.Optimizer;

namespace DeconvNet.Tests.Networks;

/// <summary>The preset <see cref="DeconvNetOptions.KerasVariant"/>: its parameters, shapes, gradients, and a step of its optimizer.</summary>
[Collection(TorchTests.Name)]
public sealed class KerasVariantTests
{
    private static readonly DeconvNetOptions Tiny = DeconvNetOptions.KerasVariant with { Width = 2, FcChannels = 4, InputSize = 32, ClassCount = 4 };

    [Fact]
    public void It_has_its_published_parameters_and_statistics_and_every_map_its_shape()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var model = new DeconvNetModel(DeconvNetOptions.KerasVariant);
        model.eval();

        Assert.Equal(55_428_757, model.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(55_428_757, model.Summary().ParameterCount);
        Assert.Equal(55_447_829, WeightSlot.Of(model.Layers).Sum(slot => model.TensorOf(slot).numel()));
        foreach (var slot in WeightSlot.Of(model.Layers))
            Assert.Equal(slot.Shape, model.TensorOf(slot).shape);

        var seen = new Dictionary<string, long[]>();
        var probabilities = model.forward(zeros(1, 3, 224, 224));
        model.Observe(zeros(1, 3, 224, 224), (name, value) => seen[name] = value.shape);
        Assert.Equal([1, 21, 224, 224], probabilities.shape);
        foreach (var row in model.Layers)
            Assert.Equal([1, row.OutChannels, row.OutputSize, row.OutputSize], seen[row.Name]);
    }

    [Theory]
    [InlineData("conv1-1", 64, 3, 3, 3)]
    [InlineData("conv5-3", 512, 512, 3, 3)]
    [InlineData("fc6", 512, 512, 7, 7)]
    [InlineData("fc7", 512, 512, 1, 1)]
    [InlineData("deconv-fc6", 512, 512, 7, 7)]
    [InlineData("deconv4-3", 512, 256, 3, 3)]
    [InlineData("deconv2-2", 128, 64, 3, 3)]
    [InlineData("output", 21, 64, 1, 1)]
    public void Its_kernels_have_their_names_and_shapes(string name, long first, long second, long height, long width)
    {
        var row = LayerTable.Create(DeconvNetOptions.KerasVariant).Single(row => row.Name == name);
        Assert.Equal([first, second, height, width], row.WeightShape);
        Assert.Equal(name == "output", row.HasBias);
        Assert.Equal(name == "output" ? null : "bn-" + name, row.BatchNorm);
    }

    [Fact]
    public void It_has_the_batch_norm_and_the_input_of_Keras()
    {
        var options = DeconvNetOptions.KerasVariant;
        Assert.Equal((1e-3, 0.01, Preprocessing.Keras), (options.BatchNormEpsilon, options.BatchNormMomentum, options.Preprocessing));
    }

    [Fact]
    public void It_outputs_probabilities()
    {
        using var scope = NewDisposeScope();
        using var model = new DeconvNetModel(Tiny);
        var output = model.forward(randn(2, 3, 32, 32));

        Assert.Equal([2, 4, 32, 32], output.shape);
        Assert.True(output.min().ToSingle() >= 0);
        Assert.True((output.sum(1) - 1).abs().max().ToSingle() < 1e-5);
    }

    [Fact]
    public void Its_gradients_are_those_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(11);
        using var model = new DeconvNetModel(Tiny);
        model.to(float64);
        model.train();
        var input = rand(3, 3, 32, 32, dtype: float64);
        var labels = randint(0, 4, [3, 32, 32], dtype: int64);
        using (no_grad())
        {
            // As they start, the decoder's kernels are so small that nothing of the encoder would be seen.
            foreach (var row in model.Layers.Where(row => row.HasWeights))
                nn.init.kaiming_normal_(model.Kernel(row).Weight);
        }

        new PassGradients(model, asCaffe: false).Add(SegmentationLoss.Compute(model.Observe(input, observe: null), labels, out _), passes: 1);

        const double Step = 1e-6;
        var (compared, distinct) = (0, 0);
        foreach (var (name, parameter) in model.named_parameters())
        {
            using var inner = NewDisposeScope();
            using var frozen = no_grad();
            var values = parameter.flatten();
            var gradient = parameter.grad!.flatten();
            foreach (var i in new[] { 0, values.numel() / 2 }.Distinct())
            {
                var start = values[i].ToDouble();
                var difference = (CrossEntropyAt(i, start + Step) - CrossEntropyAt(i, start - Step)) / (2 * Step);
                values[i] = start;
                var expected = gradient[i].ToDouble();
                Assert.True(Math.Abs(difference - expected) <= 1e-5 + (1e-3 * Math.Abs(difference)), $"{name}[{i}]: {expected} against {difference}");
                compared++;
                distinct += Math.Abs(expected) > 1e-4 ? 1 : 0;
            }

            double CrossEntropyAt(long i, double value)
            {
                using var once = NewDisposeScope();
                values[i] = value;
                return -model.forward(input).gather(1, labels.unsqueeze(1)).log().mean().ToDouble();
            }
        }

        Assert.True(distinct > compared / 2, $"Only {distinct} of {compared} gradients are large enough to tell anything.");
    }

    [Fact]
    public void A_step_of_Adam_moves_its_output_layer_by_the_numbers_computed_by_hand()
    {
        using var scope = NewDisposeScope();
        using var model = new DeconvNetModel(Tiny);
        model.to(float64);
        model.train();
        var (output, last) = (model.Layers[^1], model.Layers[^2]);
        using (no_grad())
        {
            // Every pixel has the features (2, 2) and, as the output layer is zero, the probability 1/4 for each of the four classes.
            model.Kernel(output).Weight.zero_();
            model.BatchNorm(last).weight!.zero_();
            model.BatchNorm(last).bias!.fill_(2);
        }

        // Class frequencies: 1/2, 1/4, 1/8, 1/8. Gradient of the bias: 1/4 − frequency = −1/4, 0, 1/8, 1/8; of the kernel twice that.
        var labels = tensor(new long[] { 0, 0, 0, 0, 1, 1, 2, 3 }).repeat(2 * 32 * 4).view(2, 32, 32);
        var options = new DeconvNet.Training.Optimization.OptimizerOptions { Kind = OptimizerKind.Adam, WeightDecay = 0, BiasRateFactor = 1 };
        using var optimizer = Optimizer.Create(options, model.named_parameters());
        new PassGradients(model, asCaffe: false).Add(SegmentationLoss.Compute(model.Observe(rand(2, 3, 32, 32, dtype: float64), observe: null), labels, out _), passes: 1);
        using var firstKernel = model.Kernel(model.Layers[0]).Weight.detach().clone();

        optimizer.Step(0.001, 1);

        // θ − 0.001 · g / (|g| + 1e-8): the first step has the size of the rate but for the epsilon.
        double[] bias = [0.00099999996000000160, 0, -0.00099999992000000640, -0.00099999992000000640];
        double[] kernel = [0.00099999998000000040, 0, -0.00099999996000000160, -0.00099999996000000160];
        var (weight, shift) = model.Kernel(output);
        for (var c = 0; c < 4; c++)
        {
            Assert.Equal(bias[c], shift![c].ToDouble(), 1e-15);
            Assert.Equal(kernel[c], weight[c, 0, 0, 0].ToDouble(), 1e-15);
            Assert.Equal(kernel[c], weight[c, 1, 0, 0].ToDouble(), 1e-15);
        }

        // Nothing of a gradient passes an output layer of zeros.
        Assert.True(model.Kernel(model.Layers[0]).Weight.equal(firstKernel).all().ToBoolean());
    }
}
