using DeconvNet.Architecture;
using DeconvNet.Engine;
using DeconvNet.Networks;
using DeconvNet.Segmentation;
using DeconvNet.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Segmentation;

/// <summary>What the owner of a model may do while others run it.</summary>
[Collection(TorchTests.Name)]
public sealed class ModelInUseTests
{
    private static readonly DeconvNetOptions Small = new() { Width = 4, FcChannels = 8, InputSize = 64, ClassCount = 3 };

    [Fact]
    public async Task A_model_may_be_disposed_while_it_runs()
    {
        for (var round = 0; round < 20; round++)
        {
            var model = new DeconvNetModel(Small);
            model.eval();
            var runs = Enumerable.Range(0, 3).Select(i => Task.Run(() => RunUntilRefused(model, i))).ToArray();
            await Task.Delay(5 * round % 30, TestContext.Current.CancellationToken);
            model.Dispose();
            Assert.All(await Task.WhenAll(runs), error => Assert.IsType<ObjectDisposedException>(error));
        }
    }

    [Fact]
    public async Task A_model_may_be_disposed_while_threads_compute_shares()
    {
        using var setting = new ThreadSetting(2);
        for (var round = 0; round < 20; round++)
        {
            using var model = new DeconvNetModel(Small);
            using var scorer = new TorchScorer(model);
            var run = Task.Run(() =>
            {
                var (input, logits) = (new float[12 * 3 * 64 * 64], new float[12 * 3 * 64 * 64]);
                while (true)
                    scorer.Score(input, 12, 64, 64, logits, TestContext.Current.CancellationToken);
            }, TestContext.Current.CancellationToken);
            await Task.Delay(3 * round, TestContext.Current.CancellationToken);
            model.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => run);
        }
    }

    [Fact]
    public async Task A_model_may_be_moved_and_disposed_while_segmenters_ask_for_their_batch_size()
    {
        for (var round = 0; round < 10; round++)
        {
            var model = new DeconvNetModel(Small);
            using var scorer = new TorchScorer(model);
            var run = Task.Run(() =>
            {
                while (true)
                    Assert.InRange(scorer.BatchSizeFor(20), 1, 256);
            }, TestContext.Current.CancellationToken);
            for (var i = 0; i < 20; i++)
                model.to(i % 2 == 0 ? float64 : float32);
            await Task.Delay(round, TestContext.Current.CancellationToken);
            model.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => run);
        }
    }

    [Fact]
    public void A_segmenter_of_a_disposed_model_says_so()
    {
        var model = new DeconvNetModel(Small);
        using var segmenter = new ProposalSegmenter(new TorchScorer(model));
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => segmenter.Segment(Photos.Noise(40, 30, 1), cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_disposed_model_refuses_to_be_saved_and_writes_nothing()
    {
        using var folder = new TemporaryFolder();
        var model = new DeconvNetModel(Small);
        var fcn = new FcnModel(new FcnOptions { Width = 4, FcChannels = 8, ClassCount = 3 });
        model.Dispose();
        fcn.Dispose();

        Assert.Throws<ObjectDisposedException>(() => model.Save(folder["m.safetensors"]));
        Assert.Throws<ObjectDisposedException>(() => model.SaveCaffemodel(folder["m.caffemodel"]));
        Assert.Throws<ObjectDisposedException>(() => fcn.SaveCaffemodel(folder["f.caffemodel"]));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public async Task A_model_may_be_moved_while_it_runs()
    {
        using var model = new DeconvNetModel(Small);
        using var scorer = new TorchScorer(model);
        using var stop = new CancellationTokenSource();
        var runs = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var (input, logits, count) = (new float[3 * 64 * 64], new float[3 * 64 * 64], 0);
            for (; !stop.IsCancellationRequested; count++)
            {
                // Converted to another type, it is refused with an exception and does not crash.
                if (Record.Exception(() => scorer.Score(input, 1, 64, 64, logits, TestContext.Current.CancellationToken)) is { } error)
                    Assert.IsType<InvalidOperationException>(error);
            }

            return count;
        })).ToArray();
        for (var i = 0; i < 100; i++)
        {
            model.to(i % 2 == 0 ? ScalarType.Float64 : ScalarType.Float32);
            await Task.Yield();
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(runs), count => Assert.True(count > 0));
        scorer.Score(new float[3 * 64 * 64], 1, 64, 64, new float[3 * 64 * 64], TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Scoring_leaves_the_mode_of_a_model_in_training_and_gives_what_evaluation_does()
    {
        using var model = new DeconvNetModel(Small);
        using var scorer = new TorchScorer(model);
        float[] input = [.. Enumerable.Range(0, 3 * 64 * 64).Select(i => (float)(i % 255))];
        var (expected, found) = (new float[input.Length], new float[input.Length]);
        model.eval();
        scorer.Score(input, 1, 64, 64, expected, TestContext.Current.CancellationToken);
        model.train();
        scorer.Score(input, 1, 64, 64, found, TestContext.Current.CancellationToken);
        Assert.True(model.training);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Logits_that_are_not_finite_are_refused_with_the_layer()
    {
        using var model = new DeconvNetModel(Small);
        using var scorer = new TorchScorer(model);
        using (no_grad())
            model.Kernel(model.Layers.Single(row => row.Name == "conv3_2")).Weight[0, 0, 0, 0] = float.NaN;
        var error = Assert.Throws<InvalidOperationException>(() => scorer.Score(new float[3 * 64 * 64], 1, 64, 64, new float[3 * 64 * 64], TestContext.Current.CancellationToken));
        Assert.Contains("first in layer 'conv3_2'; its tensor 'conv3_2.weight'", error.Message, StringComparison.Ordinal);
    }

    private static Exception RunUntilRefused(DeconvNetModel model, int kind)
    {
        try
        {
            using var scope = NewDisposeScope();
            using var scorer = new TorchScorer(model);
            using var input = zeros(1, 3, 64, 64);
            while (true)
            {
                if (kind == 0)
                    model.forward(input).Dispose();
                else if (kind == 1)
                    model.Observe(input, "fc7").Dispose();
                else
                    scorer.Score(new float[3 * 64 * 64], 1, 64, 64, new float[3 * 64 * 64]);
            }
        }
        catch (Exception error)
        {
            return error;
        }
    }
}
