using DeconvNet.Architecture;
using DeconvNet.Engine;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;
using DeconvNet.Tests.Support;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Segmentation;

[Collection(TorchTests.Name)]
public class TorchScorerTests
{
    private static readonly string[] Names = ["background", "a", "b"];

    [Fact]
    public void Crops_go_in_and_scores_come_out_in_order()
    {
        using var network = nn.Conv2d(3, 3, 1, bias: false);
        using (no_grad())
        {
            // Class k scores plane 2 − k, times k + 1.
            network.weight.zero_();
            for (var k = 0; k < 3; k++)
                network.weight[k, 2 - k, 0, 0] = k + 1;
        }

        using var scorer = Make(network, side: 4);
        var crops = Enumerable.Range(0, 2 * 3 * 16).Select(i => (float)i).ToArray();
        var scores = new float[2 * 3 * 16];
        scorer.Score(crops, 2, 4, 4, scores, TestContext.Current.CancellationToken);
        for (var n = 0; n < 2; n++)
        {
            for (var k = 0; k < 3; k++)
            {
                for (var i = 0; i < 16; i++)
                    Assert.Equal((k + 1) * crops[(((n * 3) + 2 - k) * 16) + i], scores[(((n * 3) + k) * 16) + i]);
            }
        }
    }

    [Fact]
    public void Evaluation_mode_is_set_for_every_call()
    {
        using var network = nn.Sequential(nn.Conv2d(3, 3, 1), nn.Dropout(0.9));
        using var scorer = Make(network, side: 8);
        var crops = Enumerable.Repeat(1f, 3 * 64).ToArray();
        var (first, second) = (new float[3 * 64], new float[3 * 64]);
        scorer.Score(crops, 1, 8, 8, first, TestContext.Current.CancellationToken);
        network.train();
        scorer.Score(crops, 1, 8, 8, second, TestContext.Current.CancellationToken);
        Assert.Equal(first, second);
        Assert.True(first.AsSpan().IndexOf(0f) < 0);
    }

    [Fact]
    public void A_model_brings_its_own_size_names_and_preprocessing()
    {
        using var model = TinyModel();
        using var segmenter = model.CreateSegmenter(new ProposalSegmenterOptions { MaxProposals = 2 });
        var result = segmenter.Segment(Photos.Noise(50, 40, 1), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((5, 50, 40), (result.Scores!.ClassCount, result.Labels.Width, result.Labels.Height));
        Assert.Equal(model.ClassNames, segmenter.ClassNames);
    }

    [Fact]
    public void A_model_with_softmax_output_gives_logarithms_of_its_probabilities()
    {
        using var model = TinyModel();
        using var twin = new DeconvNetModel(model.Options with { SoftmaxOutput = true });
        twin.load_state_dict(model.state_dict());
        var crops = Photos.Noise(32, 32, 5).Pixels.ToArray().Select(value => (value - 120f) / 50).ToArray();
        var (raw, logarithms) = (new float[5 * 32 * 32], new float[5 * 32 * 32]);
        using (var scorer = new TorchScorer(model))
            scorer.Score(crops, 1, 32, 32, raw, TestContext.Current.CancellationToken);
        using (var scorer = new TorchScorer(twin))
            scorer.Score(crops, 1, 32, 32, logarithms, TestContext.Current.CancellationToken);

        var expected = new ScoreMap(ScoreKind.Logits, 5, 32, 32, raw).ToProbabilities();
        var actual = new ScoreMap(ScoreKind.Logits, 5, 32, 32, logarithms).ToProbabilities();
        for (var i = 0; i < raw.Length; i++)
            Assert.Equal(expected.Values[i], actual.Values[i], 1e-5f);
    }

    [Fact]
    public void Two_hundred_segmentations_leave_no_live_tensor_behind()
    {
        using var model = TinyModel();
        using var segmenter = new ProposalSegmenter(
            new TorchScorer(model), new GivenBoxes(new(0, 0, 20, 20), new(5, 5, 30, 30), new(1, 9, 25, 28)), new ProposalSegmenterOptions { BatchSize = 2 });
        var image = Photos.Noise(40, 30, 1);
        segmenter.Segment(image, cancellationToken: TestContext.Current.CancellationToken);

        var before = LiveTensors.CountSettled();
        for (var i = 0; i < 200; i++)
            segmenter.Segment(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Parallel_calls_give_the_same_bits_as_calls_in_turn()
    {
        using var network = TinyNetwork();
        using var segmenter = new ProposalSegmenter(Make(network, 16), new GivenBoxes(new(0, 0, 20, 20), new(5, 5, 30, 30)));
        RgbImage[] images = [.. Enumerable.Range(0, 6).Select(i => Photos.Noise(50, 40, i))];
        var inTurn = images.Select(image => segmenter.Segment(image, cancellationToken: TestContext.Current.CancellationToken)).ToList();
        var parallel = new SegmentationResult[images.Length];
        Parallel.For(0, images.Length, i => parallel[i] = segmenter.Segment(images[i], cancellationToken: TestContext.Current.CancellationToken));
        for (var i = 0; i < images.Length; i++)
            Assert.Equal(inTurn[i].Scores!.Values, parallel[i].Scores!.Values);
    }

    [Fact]
    public void A_network_of_another_shape_is_refused_with_both_shapes()
    {
        using var network = nn.Conv2d(3, 5, 1);
        using var scorer = Make(network, side: 4);
        var error = Assert.Throws<InvalidOperationException>(() => scorer.Score(new float[48], 1, 4, 4, new float[48], TestContext.Current.CancellationToken));
        Assert.Contains("[1, 5, 4, 4]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[1, 3, 4, 4]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_of_the_native_library_comes_out_as_an_ordinary_exception()
    {
        // Its kernel is larger than the crop.
        using var network = nn.Conv2d(3, 3, 7);
        using var scorer = Make(network, side: 4);
        Assert.Throws<InvalidOperationException>(() => scorer.Score(new float[48], 1, 4, 4, new float[48], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Spans_of_another_length_and_use_after_disposal_are_refused()
    {
        using var network = nn.Conv2d(3, 3, 1);
        var scorer = Make(network, side: 4);
        Assert.Throws<ArgumentException>(() => scorer.Score(new float[47], 1, 4, 4, new float[48], TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => scorer.Score(new float[48], 1, 4, 4, new float[49], TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(() => scorer.Score([], 0, 4, 4, [], TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => scorer.Score(new float[60], 1, 5, 4, new float[60], TestContext.Current.CancellationToken));
        scorer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => scorer.Score(new float[48], 1, 4, 4, new float[48], TestContext.Current.CancellationToken));
        Assert.NotEmpty(network.parameters());
    }

    private static TorchScorer Make(nn.Module<Tensor, Tensor> network, int side) => new(network, side, Names, Preprocessing.Caffe);

    private static DeconvNetModel TinyModel()
    {
        random.manual_seed(2);
        return new DeconvNetModel(new DeconvNetOptions { ClassCount = 5, Width = 2, FcChannels = 4, InputSize = 32 });
    }

    private static nn.Module<Tensor, Tensor> TinyNetwork()
    {
        random.manual_seed(1);
        return nn.Sequential(nn.Conv2d(3, 8, 3, padding: 1), nn.ReLU(), nn.Conv2d(8, 3, 3, padding: 1));
    }
}
