using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Networks;

[Collection(TorchTests.Name)]
public class DeconvNetModelTests
{
    private static readonly DeconvNetOptions Small = new() { Width = 3, FcChannels = 10, InputSize = 64, ClassCount = 5, BatchNormEpsilon = 1e-5 };

    [Fact]
    public void The_published_network_has_exactly_the_parameters_of_the_authors_file()
    {
        using var model = new DeconvNetModel(DeconvNetOptions.Paper);

        Assert.Equal(251_805_653, model.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(251_805_653, model.Summary().ParameterCount);
        Assert.Equal(32_745_979_904, model.Summary().MultiplyAdds);
    }

    [Fact]
    public void Channels_drop_in_the_last_layer_of_a_decoder_block()
    {
        var rows = LayerTable.Create(DeconvNetOptions.Paper).ToDictionary(row => row.Name);

        Assert.Equal((512, 512), Channels("deconv5_3"));
        Assert.Equal((512, 256), Channels("deconv4_3"));
        Assert.Equal((256, 128), Channels("deconv3_3"));
        Assert.Equal((128, 64), Channels("deconv2_2"));
        Assert.Equal((64, 64), Channels("deconv1_2"));
        Assert.Equal("fc6-deconv-bn", rows["fc6-deconv"].BatchNorm);
        Assert.Equal("bnfc6", rows["fc6"].BatchNorm);
        Assert.Equal("debn4_2", rows["deconv4_2"].BatchNorm);
        Assert.Equal("bn3_3", rows["conv3_3"].BatchNorm);

        (int, int) Channels(string name) => (rows[name].InChannels, rows[name].OutChannels);
    }

    [Fact]
    public void The_output_is_one_score_map_per_class_of_the_size_of_the_input()
    {
        using var scope = NewDisposeScope();
        using var model = new DeconvNetModel(Small);
        Assert.Equal([2, 5, 64, 64], model.forward(randn(2, 3, 64, 64)).shape);
    }

    [Fact]
    public void Rewritten_layers_compute_what_the_plain_ones_do()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        using var model = new DeconvNetModel(Small);
        model.eval();
        var seen = new Dictionary<string, Tensor>();
        var input = randn(2, 3, 64, 64);
        model.Observe(input, (name, value) => seen[name] = value.clone().DetachFromDisposeScope());

        // In float64, since libtorch's convolutions in float32 are wrong on some processors.
        model.to(float64);
        AssertSame("fc6", nn.functional.conv2d(Seen("pool5"), Weight("fc6"), Bias("fc6")));
        AssertSame("fc6-deconv", nn.functional.conv_transpose2d(Seen("fc7"), Weight("fc6-deconv"), Bias("fc6-deconv")));
        AssertSame("deconv4_3", nn.functional.conv_transpose2d(Seen("deconv4_2"), Weight("deconv4_3"), Bias("deconv4_3"), padding: [1, 1]));
        foreach (var value in seen.Values)
            value.Dispose();

        Tensor Seen(string name) => seen[name].to(float64);
        Tensor Weight(string name) => model.Kernel(Row(name)).Weight;
        Tensor? Bias(string name) => model.Kernel(Row(name)).Bias;
        LayerSpec Row(string name) => model.Layers.Single(row => row.Name == name);

        void AssertSame(string name, Tensor beforeNorm)
        {
            var expected = model.BatchNorm(Row(name)).forward(beforeNorm).relu();
            Assert.True((expected - Seen(name)).abs().max().ToDouble() < 1e-5 * Math.Max(1, expected.abs().max().ToDouble()), name);
        }
    }

    [Fact]
    public void Every_parameter_gets_a_gradient()
    {
        using var scope = NewDisposeScope();
        using var model = new DeconvNetModel(Small);
        model.train();
        model.forward(randn(3, 3, 64, 64)).pow(2).mean().backward();

        Assert.All(model.named_parameters(), entry => Assert.True(entry.parameter.grad is { } gradient && gradient.isfinite().all().ToBoolean(), entry.name));
    }

    [Theory]
    [InlineData(1, 3, 64, 32)]
    [InlineData(1, 1, 64, 64)]
    [InlineData(1, 3, 224, 224)]
    public void An_input_of_another_shape_is_refused_with_an_explanation(long n, long c, long h, long w)
    {
        using var scope = NewDisposeScope();
        using var model = new DeconvNetModel(Small);
        var error = Assert.Throws<ArgumentException>(() => model.forward(zeros(n, c, h, w)));

        Assert.Contains("[N, 3, 64, 64]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_of_another_type_is_refused_with_an_explanation()
    {
        using var scope = NewDisposeScope();
        using var model = new DeconvNetModel(Small);
        var error = Assert.Throws<ArgumentException>(() => model.forward(zeros(1, 3, 64, 64, float64)));

        Assert.Contains("The input is Float64 on cpu; the network's weights are Float32 on cpu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_options_are_named()
    {
        Assert.Contains("InputSize is 100", Refused(Small with { InputSize = 100 }), StringComparison.Ordinal);
        Assert.Contains("Width is -4", Refused(Small with { Width = -4 }), StringComparison.Ordinal);
        Assert.Contains("ClassCount is 1", Refused(Small with { ClassCount = 1 }), StringComparison.Ordinal);
        Assert.Contains("BatchNormEpsilon is -1", Refused(Small with { BatchNormEpsilon = -1 }), StringComparison.Ordinal);
        Assert.Contains("2 class names were given for 5", Assert.Throws<ArgumentException>(() => new DeconvNetModel(Small, ["a", "b"])).Message, StringComparison.Ordinal);

        static string Refused(DeconvNetOptions options) => Assert.ThrowsAny<ArgumentException>(() => new DeconvNetModel(options)).Message;
    }

    [Fact]
    public void The_summary_is_a_table_with_a_line_for_each_layer()
    {
        var text = new ModelSummary(LayerTable.Create(DeconvNetOptions.Paper)).ToString();

        Assert.Equal(1 + 40 + 1, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("251,805,653", text, StringComparison.Ordinal);
        Assert.Contains("102,772,736", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Making_and_running_a_model_leaves_no_tensor_behind()
    {
        // TorchSharp counts the emptied source of every parameter for ever: what counts is that running adds nothing to that.
        Assert.Equal(Growth(run: false), Growth(run: true));

        static long Growth(bool run)
        {
            var before = LiveTensors.CountSettled();
            using (var model = new DeconvNetModel(Small))
            {
                using var input = zeros(1, 3, 64, 64);
                if (run)
                    model.forward(input).Dispose();
            }

            return Tensor.TotalCount - before;
        }
    }
}
