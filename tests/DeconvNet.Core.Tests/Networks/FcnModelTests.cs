using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Networks;

[Collection(TorchTests.Name)]
public class FcnModelTests
{
    private static readonly FcnOptions Small = new() { Width = 2, FcChannels = 6, ClassCount = 3, InputPadding = 1, Fc6Kernel = 2, Fc6Padding = 1, Dropout = 0 };

    [Theory]
    [InlineData("fcn32s", FcnStride.ThirtyTwo, false)]
    [InlineData("fcn16s", FcnStride.Sixteen, false)]
    [InlineData("fcn8s", FcnStride.Eight, false)]
    [InlineData("fcn8s-atonce", FcnStride.Eight, true)]
    public void The_published_networks_compute_what_PyTorch_does(string name, FcnStride stride, bool atOnce)
    {
        using var scope = NewDisposeScope();
        using var model = FcnWaves.Model(FcnWaves.Narrow with { Stride = stride, AtOnce = atOnce });
        foreach (var (height, width) in new[] { (1, 1), (19, 45), (64, 33) })
        {
            var expected = Npy.Read<float>(Path.Combine(AppContext.BaseDirectory, "Reference", "fcn", $"{name}_{height}x{width}.npy"));
            var scores = model.forward(FcnWaves.Make(1000, 1, 3, height, width));
            Assert.Equal(expected.Shape, scores.shape.Select(side => (int)side));
            var error = (scores - tensor(expected.Values, scores.shape)).abs().max().ToSingle();
            Assert.True(error < 1e-4, $"{height}×{width}: {error}");
        }
    }

    [Fact]
    public void The_published_networks_have_exactly_the_published_parameters()
    {
        // VGG-16's convolutions (14,714,688), fc6 and fc7 (102,764,544 and 16,781,312), and the layers of scores and upsampling.
        const long encoder = 14_714_688 + 102_764_544 + 16_781_312;
        const long fr = (4096 * 21) + 21, pool4 = (512 * 21) + 21, pool3 = (256 * 21) + 21, upsampling = 21 * 21;
        Assert.Equal(encoder + fr + (upsampling * 64 * 64), Count(FcnOptions.Fcn32s));
        Assert.Equal(encoder + fr + pool4 + (upsampling * (16 + (32 * 32))), Count(FcnOptions.Fcn16s));
        Assert.Equal(encoder + fr + pool4 + pool3 + (upsampling * (16 + 16 + (16 * 16))), Count(FcnOptions.Fcn8s));

        static long Count(FcnOptions options) => FcnLayerTable.Create(options).Sum(row => row.ParameterCount);
    }

    [Fact]
    public void Sizes_for_500_pixels_are_those_that_Caffe_prints()
    {
        var sizes = FcnLayerTable.Create(FcnOptions.Fcn8s, 500).ToDictionary(row => row.Name, row => row.OutputSize);
        (string, int)[] published =
        [
            ("conv1_1", 698), ("pool1", 349), ("pool2", 175), ("pool3", 88), ("pool4", 44), ("pool5", 22), ("fc6", 16), ("fc7", 16),
            ("score_fr", 16), ("upscore2", 34), ("score_pool4", 44), ("upscore_pool4", 70), ("score_pool3", 88), ("upscore8", 568),
        ];
        Assert.All(published, expected => Assert.Equal(expected, (expected.Item1, sizes[expected.Item1])));
        Assert.Equal(544, FcnLayerTable.Create(FcnOptions.Fcn32s, 500)[^1].OutputSize);
    }

    [Theory]
    [InlineData(FcnStride.ThirtyTwo, 19)]
    [InlineData(FcnStride.Sixteen, 27, 5)]
    [InlineData(FcnStride.Eight, 31, 5, 9)]
    public void Crop_offsets_of_the_published_networks_follow_from_where_their_maps_lie(FcnStride stride, int last, params int[] skips)
    {
        var options = new FcnOptions { Stride = stride };
        var grid = FcnGrid.OfFc7(options);
        foreach (var (skip, offset) in FcnSkip.Of(stride).Zip(skips))
        {
            Assert.Equal((0, offset), grid.Enlarged(2).FirstCommon(FcnGrid.OfPooling(options, skip.Stride)));
            grid = grid.Enlarged(2);
        }

        Assert.Equal(last, grid.Enlarged((int)stride).OffsetOfPhoto);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_map_of_any_photo_has_the_size_of_the_table_and_the_scores_that_of_the_photo(bool published)
    {
        using var frozen = no_grad();
        foreach (var stride in Enum.GetValues<FcnStride>())
        {
            var options = (published ? FcnWaves.Narrow : Small) with { Width = 1, FcChannels = 1, Stride = stride };
            using var model = new FcnModel(options);
            model.eval();
            foreach (var side in Enumerable.Range(1, 40).Concat([63, 64, 65, 97, 127, 128, 200]))
            {
                using var scope = NewDisposeScope();
                var rows = FcnLayerTable.Create(options, side).ToDictionary(row => row.Name);
                var scores = model.Observe(zeros(1, 3, side, 33), (name, map) =>
                {
                    if (rows.TryGetValue(name, out var row))
                        Assert.True(row.OutputSize == map.shape[2], $"{stride}, side {side}: {name} has {map.shape[2]}, the table {row.OutputSize}.");
                });
                Assert.Equal([1, 3, side, 33], scores.shape);
            }
        }
    }

    [Fact]
    public void A_shift_of_the_photo_by_32_pixels_shifts_the_scores()
    {
        using var scope = NewDisposeScope();
        using var model = FcnWaves.Model(Small);
        var photo = zeros(1, 3, 512, 512);
        photo.narrow(2, 224, 32).narrow(3, 224, 32).copy_(FcnWaves.Make(5, 1, 3, 32, 32));
        var scores = model.forward(photo);
        var shifted = model.forward(photo.roll([32, 32], [2, 3]));

        // Away from the border, whose padding does not move along.
        var (one, other) = (scores.narrow(2, 224, 32).narrow(3, 224, 32), shifted.narrow(2, 256, 32).narrow(3, 256, 32));
        Assert.True((one - other).abs().max().ToSingle() < 1e-4);
    }

    [Theory]
    [InlineData(FcnStride.ThirtyTwo)]
    [InlineData(FcnStride.Sixteen)]
    [InlineData(FcnStride.Eight)]
    public void Equal_scores_stay_equal_when_they_are_enlarged(FcnStride stride)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var model = new FcnModel(FcnWaves.Narrow with { Stride = stride });
        model.eval();
        var bias = model.Kernel(model.Layers.Single(row => row.Name == "score_fr")).Bias!;
        bias.copy_(tensor([1f, -2f, 3f]));
        var scores = model.forward(zeros(1, 3, 150, 140)).narrow(2, 60, 30).narrow(3, 60, 20);

        // Bilinear weights sum to 1 at every pixel but those near the border, which lack a neighbor.
        Assert.True((scores - tensor([1f, -2f, 3f]).view(1, 3, 1, 1)).abs().max().ToSingle() < 1e-5);
    }

    [Fact]
    public void Fresh_scores_are_zero_so_that_training_starts_from_the_encoder()
    {
        using var scope = NewDisposeScope();
        using var model = new FcnModel(Small);
        model.eval();
        Assert.Equal(0, model.forward(randn(1, 3, 40, 40)).abs().max().ToSingle());
    }

    [Theory]
    [InlineData(FcnUpsampling.Fixed, 0)]
    [InlineData(FcnUpsampling.LearnedBetweenSkips, 2)]
    [InlineData(FcnUpsampling.Learned, 3)]
    public void Only_the_chosen_upsampling_layers_are_trained(FcnUpsampling upsampling, int trained)
    {
        using var scope = NewDisposeScope();
        using var model = FcnWaves.Model(Small with { Upsampling = upsampling });
        model.forward(FcnWaves.Make(1, 2, 3, 48, 48)).pow(2).mean().backward();
        var rows = model.Layers.Where(row => row.Kind == LayerKind.Upsampling).ToArray();
        Assert.Equal(trained, rows.Count(row => model.Kernel(row).Weight.grad is { } gradient && gradient.abs().max().ToSingle() > 0));
        Assert.All(model.Layers.Where(row => row.Kind is LayerKind.Convolution or LayerKind.Score), row =>
            Assert.True(model.Kernel(row).Weight.grad!.isfinite().all().ToBoolean(), row.Name));
        Assert.Equal(upsampling == FcnUpsampling.Learned, rows[^1].Name == "upscore8" && model.Kernel(rows[^1]).Weight.requires_grad);
    }

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        using var model = FcnWaves.Model(Small with { Upsampling = FcnUpsampling.Learned });
        model.to(float64);
        var photo = FcnWaves.Make(3, 1, 3, 21, 38).to(float64);
        var weights = FcnWaves.Make(4, 1, 3, 21, 38).to(float64);
        (model.forward(photo) * weights).sum().backward();
        foreach (var row in model.Layers.Where(row => row.HasWeights))
        {
            var kernel = model.Kernel(row).Weight;
            var gradient = kernel.grad!.flatten();
            var place = gradient.abs().argmax().ToInt64();
            using var frozen = no_grad();
            const double step = 1e-5;
            var expected = (Moved(kernel, place, step) - Moved(kernel, place, -step)) / (2 * step);
            Assert.Equal(expected, gradient[place].ToDouble(), Math.Max(1e-6, Math.Abs(expected) * 1e-4));
        }

        double Moved(Tensor kernel, long place, double by)
        {
            kernel.view(-1)[place].add_(by);
            var value = (model.forward(photo) * weights).sum().ToDouble();
            kernel.view(-1)[place].add_(-by);
            return value;
        }
    }

    [Fact]
    public void Dropout_acts_in_training_only()
    {
        using var scope = NewDisposeScope();
        using var model = FcnWaves.Model(Small with { Dropout = 0.5 });
        var photo = FcnWaves.Make(3, 1, 3, 64, 64);
        Assert.True(model.forward(photo).eq(model.forward(photo)).all().ToBoolean());
        model.train();
        Assert.False(model.forward(photo).eq(model.forward(photo)).all().ToBoolean());
    }

    [Fact]
    public void Bad_options_and_bad_input_are_named()
    {
        Assert.Contains("Fc6Kernel is 9", Refused(new() { Fc6Kernel = 9 }), StringComparison.Ordinal);
        Assert.Contains("Fc6Kernel is 2", Refused(Small with { Fc6Padding = 0 }), StringComparison.Ordinal);
        Assert.Contains("Width is 0", Refused(Small with { Width = 0 }), StringComparison.Ordinal);
        Assert.Contains("Dropout is 1", Refused(Small with { Dropout = 1 }), StringComparison.Ordinal);
        Assert.Contains("Stride is 4", Refused(Small with { Stride = (FcnStride)4 }), StringComparison.Ordinal);
        Assert.Contains("ConvBias is False", Refused(Small with { ConvBias = false }), StringComparison.Ordinal);
        Assert.Contains("2 class names were given for 3", Assert.Throws<ArgumentException>(() => new FcnModel(Small, ["a", "b"])).Message, StringComparison.Ordinal);

        using var scope = NewDisposeScope();
        using var model = new FcnModel(Small);
        Assert.Contains("[N, 3, H, W]", Assert.Throws<ArgumentException>(() => model.forward(zeros(1, 1, 5, 5))).Message, StringComparison.Ordinal);
        Assert.Contains("[N, 3, H, W]", Assert.Throws<ArgumentException>(() => model.forward(zeros(1, 3, 0, 5))).Message, StringComparison.Ordinal);
        Assert.Contains("Float64", Assert.Throws<ArgumentException>(() => model.forward(zeros(1, 3, 5, 5, float64))).Message, StringComparison.Ordinal);

        static string Refused(FcnOptions options) => Assert.ThrowsAny<ArgumentException>(() => new FcnModel(options)).Message;
    }

    [Fact]
    public void Making_and_running_a_model_leaves_no_tensor_behind()
    {
        Assert.Equal(Growth(run: false), Growth(run: true));

        static long Growth(bool run)
        {
            var before = LiveTensors.CountSettled();
            using (var model = new FcnModel(Small))
            {
                using var input = zeros(1, 3, 30, 40);
                if (run)
                    model.forward(input).Dispose();
            }

            return Tensor.TotalCount - before;
        }
    }
}
