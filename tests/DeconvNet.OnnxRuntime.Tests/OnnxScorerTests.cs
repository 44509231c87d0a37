using DeconvNet.Weights;

namespace DeconvNet.OnnxRuntime.Tests;

[Collection(TorchTests.Name)]
public class OnnxScorerTests
{
    private const int Classes = 21;

    private static readonly int Side = CompactWeights.DeconvNet.Options.InputSize;

    [Fact]
    public void Parallel_calls_are_bit_equal()
    {
        using var model = CompactWeights.DeconvNet.LoadOnnxModel();
        using var scorer = new OnnxScorer(model);
        var input = TestNetworks.RandomInput(2 * 3 * Side * Side);
        var logits = Enumerable.Range(0, 9).Select(_ => new float[2 * Classes * Side * Side]).ToArray();
        scorer.Score(input, 2, Side, Side, logits[0], TestContext.Current.CancellationToken);
        Parallel.For(1, logits.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => scorer.Score(input, 2, Side, Side, logits[i]));
        Assert.All(logits, found => Assert.Equal(logits[0], found));
    }

    [Fact]
    public async Task A_pass_can_be_canceled_before_and_while_it_runs()
    {
        using var model = CompactWeights.DeconvNet.LoadOnnxModel();
        using var scorer = new OnnxScorer(model);
        const int Count = 60;
        var (input, logits) = (new float[Count * 3 * Side * Side], new float[Count * Classes * Side * Side]);
        Assert.ThrowsAny<OperationCanceledException>(() => scorer.Score(input, Count, Side, Side, logits, new CancellationToken(canceled: true)));

        using var source = new CancellationTokenSource();
        var pass = Task.Run(() => scorer.Score(input, Count, Side, Side, logits, source.Token), TestContext.Current.CancellationToken);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pass);

        // The session still works.
        scorer.Score(input.AsSpan(0, 3 * Side * Side), 1, Side, Side, logits.AsSpan(0, Classes * Side * Side), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Disposing_a_segmenter_of_weights_frees_its_model_and_a_shared_model_stays()
    {
        var photo = new Imaging.RgbImage(8, 8, new byte[3 * 8 * 8]);
        var owner = CompactWeights.Fcn8s.CreateOnnxSegmenter();
        owner.Dispose();
        Assert.Throws<ObjectDisposedException>(() => owner.Segment(photo, cancellationToken: TestContext.Current.CancellationToken));

        using var model = CompactWeights.Fcn8s.LoadOnnxModel();
        model.CreateSegmenter().Dispose();
        using var segmenter = model.CreateSegmenter();
        segmenter.Segment(photo, cancellationToken: TestContext.Current.CancellationToken);
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => segmenter.Segment(photo, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Wrong_lengths_sizes_and_options_are_refused()
    {
        using var model = CompactWeights.DeconvNet.LoadOnnxModel(new() { Threads = 1 });
        using var scorer = new OnnxScorer(model);
        var (input, logits) = (new float[3 * Side * Side], new float[Classes * Side * Side]);
        var token = TestContext.Current.CancellationToken;
        Assert.Throws<ArgumentException>(() => scorer.Score(input.AsSpan(1), 1, Side, Side, logits, token));
        Assert.Throws<ArgumentException>(() => scorer.Score(input, 1, Side, Side, logits.AsSpan(1), token));
        Assert.Throws<ArgumentException>(() => scorer.Score(input, 1, Side / 2, Side * 2, logits, token));
        Assert.Throws<ArgumentOutOfRangeException>(() => scorer.Score([], 0, Side, Side, [], token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_000)]
    public void A_number_of_threads_out_of_range_is_refused(int threads)
    {
        var options = new OnnxEngineOptions { Threads = threads };
        Refused(() => CompactWeights.DeconvNet.LoadOnnxModel(options));
        Refused(() => CompactWeights.DeconvNet.CreateOnnxSegmenter(engine: options));
        Refused(() => OnnxModel.Load(new MemoryStream(), "model", options));
        Refused(() => OnnxModel.Calibrate(CompactWeights.Fcn8s, ["photo.jpg"], options));

        void Refused(Action action) => Assert.Contains($"OnnxEngineOptions.Threads is {threads}", Assert.Throws<ArgumentOutOfRangeException>(action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_while_passes_run_waits_for_them()
    {
        const int Count = 8;
        var model = CompactWeights.DeconvNet.LoadOnnxModel();
        using var scorer = new OnnxScorer(model);
        var input = TestNetworks.RandomInput(Count * 3 * Side * Side);
        var expected = new float[Count * Classes * Side * Side];
        scorer.Score(input, Count, Side, Side, expected, TestContext.Current.CancellationToken);
        using var begun = new CountdownEvent(3);
        var passes = Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var logits = new float[expected.Length];
                begun.Signal();
                while (true)
                {
                    logits.AsSpan().Clear();
                    try
                    {
                        scorer.Score(input, Count, Side, Side, logits);
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }

                    Assert.Equal(expected, logits);
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        begun.Wait(TestContext.Current.CancellationToken);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        model.Dispose();
        await Task.WhenAll(passes);
    }

    [Fact]
    public void The_engine_needs_no_libtorch() => Assert.DoesNotContain(
        typeof(OnnxModel).Assembly.GetReferencedAssemblies(), name => name.Name!.Contains("Torch", StringComparison.OrdinalIgnoreCase) || name.Name == "DeconvNet.Core");
}
