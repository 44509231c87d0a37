using System.Globalization;
using System.Text.RegularExpressions;
using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Runtime;
using DeconvNet.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Networks;

/// <summary>What networks compute where oneDNN is wrong without padded channels, against float64, which oneDNN does not compute.</summary>
[Collection(TorchTests.Name)]
public class ChannelPaddingTests
{
    private const int LargestWidth = 40;
    private static readonly int[] Batches = [1, 2, 3, 8];

    [Fact]
    public void Convolutions_of_every_width_and_batch_are_correct_with_their_gradients() =>
        ForEachWidth((batch, width) => AssertRight(
            $"3×3, {batch} × {width} channels",
            (x, weight, bias) => ChannelPadding.Convolve(x, weight, bias, padding: 1),
            Maps(batch, width), randn(LargestWidth + 1 - width, width, 3, 3), randn(LargestWidth + 1 - width)));

    [Fact]
    public void Score_layers_of_every_width_and_batch_are_correct_with_their_gradients() =>
        ForEachWidth((batch, width) => AssertRight(
            $"1×1, {batch} × {width} channels",
            (x, weight, bias) => ChannelPadding.Convolve(x, weight, bias),
            Maps(batch, width), randn(21, width, 1, 1), randn(21)));

    [Fact]
    public void Upsampling_of_every_width_and_batch_is_correct_with_its_gradients() =>
        ForEachWidth((batch, width) => AssertRight(
            $"transposed 4×4, {batch} × {width} channels",
            (x, weight, _) => ChannelPadding.ConvolveTransposed(x, weight, stride: 2),
            Maps(batch, width), randn(width, LargestWidth + 1 - width, 4, 4), bias: null));

    [Theory]
    [InlineData(nameof(A_whole_DeconvNet_is_correct_with_its_gradients))]
    [InlineData(nameof(A_whole_FCN_is_correct_with_its_gradients))]
    public async Task Whole_networks_let_oneDNN_sum_over_multiples_of_16_channels_only(string test)
    {
        var (exitCode, output, _) = await AnotherProcess.Run($"{typeof(ChannelPaddingTests).FullName}.{test}", (OneDnn.Variable, OneDnn.Padded), ("ONEDNN_VERBOSE", "1"));
        Assert.True(exitCode == 0, output);

        // For instance onednn_verbose,v1,primitive,exec,cpu,convolution,…,forward_training,…,mb2_ic16oc32_ih8oh8kh3…
        var calls = Regex.Matches(output, @"exec,cpu,(?:de)?convolution,.*?,(forward|backward_data).*_ic(\d+)oc(\d+)_.*kh(\d+)");
        Assert.SkipWhen(calls.Count == 0, "This libtorch has no oneDNN, or oneDNN does not tell what it does.");
        foreach (Match call in calls)
        {
            var isForward = call.Groups[1].Value == "forward";
            var summed = int.Parse(call.Groups[isForward ? 2 : 3].Value, CultureInfo.InvariantCulture);
            Assert.True(summed % 16 == 0 || (isForward && summed <= 3 && call.Groups[4].Value != "1"), call.Value);
        }
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(5, 2)]
    [InlineData(12, 8)]
    [InlineData(20, 1)]
    [InlineData(24, 2)]
    [InlineData(33, 2)]
    public void A_whole_DeconvNet_is_correct_with_its_gradients(int width, int batch)
    {
        using var forced = new ForcedPadding();
        using var scope = NewDisposeScope();
        random.manual_seed(width);
        using var model = new DeconvNetModel(new() { Width = width, FcChannels = 2 * width, InputSize = 32, ClassCount = 5, BatchNormEpsilon = 1e-5 });
        AssertRight(model, randn(batch, 3, 32, 32));
    }

    [Theory]
    [InlineData(3, 1, FcnStride.Eight)]
    [InlineData(12, 2, FcnStride.Sixteen)]
    [InlineData(20, 3, FcnStride.ThirtyTwo)]
    public void A_whole_FCN_is_correct_with_its_gradients(int width, int batch, FcnStride stride)
    {
        using var forced = new ForcedPadding();
        using var scope = NewDisposeScope();
        random.manual_seed(width);
        using var model = new FcnModel(FcnOptions.Compact with { Width = width, FcChannels = 2 * width, Stride = stride, ClassCount = 21, Upsampling = FcnUpsampling.Learned });
        foreach (var row in model.Layers.Where(row => row.Kind == LayerKind.Score))
            nn.init.normal_(model.Kernel(row).Weight);
        AssertRight(model, randn(batch, 3, 45, 38));
    }

    // Libtorch asks oneDNN for more than one image, or more than 20480 values.
    private static Tensor Maps(int batch, int width) => batch > 1 ? randn(batch, width, 7, 6) : randn(1, width, (20480 / width / 40) + 1, 41);

    private static void ForEachWidth(Action<int, int> test)
    {
        using var forced = new ForcedPadding();
        random.manual_seed(3);
        for (var width = 1; width <= LargestWidth; width++)
        {
            foreach (var batch in Batches)
            {
                using var scope = NewDisposeScope();
                test(batch, width);
            }
        }
    }

    private static void AssertRight(string what, Func<Tensor, Tensor, Tensor?, Tensor> layer, Tensor x, Tensor weight, Tensor? bias)
    {
        var actual = Run(float32);
        var expected = Run(float64);
        foreach (var (found, right) in actual.Zip(expected))
            AssertNear(what, found, right, 1e-5);

        Tensor[] Run(ScalarType type)
        {
            Tensor[] leaves = [.. new[] { x, weight, bias }.OfType<Tensor>().Select(leaf => leaf.to(type, copy: true).requires_grad_(true))];
            var output = layer(leaves[0], leaves[1], leaves.ElementAtOrDefault(2));
            output.backward([output.detach()]);
            return [output, .. leaves.Select(leaf => leaf.grad!)];
        }
    }

    private static void AssertRight(SegmentationModel model, Tensor input)
    {
        // Statistics of a batch would magnify rounding; the fixed ones are those of a fresh network.
        model.eval();
        var actual = Run(input);
        model.to(float64);
        var expected = Run(input.to(float64));
        foreach (var (name, right) in expected)
            AssertNear(name, actual[name], right, 1e-3);

        Dictionary<string, Tensor> Run(Tensor photos)
        {
            model.zero_grad();
            var leaf = photos.clone().requires_grad_(true);
            var scores = model.forward(leaf);
            scores.backward([scores.detach()]);
            return new(model.named_parameters().Select(entry => KeyValuePair.Create(entry.name, entry.parameter.grad!.clone())))
            {
                ["scores"] = scores,
                ["photos"] = leaf.grad!,
            };
        }
    }

    private static void AssertNear(string what, Tensor actual, Tensor expected, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        var distance = (actual.to(float64) - expected).norm().ToDouble() / Math.Max(1e-30, expected.norm().ToDouble());
        Assert.True(distance < tolerance, $"{what}: relative distance {distance:E1}");
    }
}
