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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Logits_of_a_crop_depend_neither_on_the_batch_nor_on_the_number_of_threads(int threads)
    {
        const int Count = 5;
        var input = TestNetworks.RandomInput(Count * 3 * Side * Side);
        Assert.All(
            [CompactWeights.DeconvNet.LoadOnnxModel(new() { Threads = threads }), Int8Weights.DeconvNet.LoadModel(new() { Threads = threads })],
            model =>
            {
                using var owned = model;
                using var scorer = new OnnxScorer(model);
                var alone = Enumerable.Range(0, Count).SelectMany(i => Logits(scorer, input.AsSpan(i * 3 * Side * Side, 3 * Side * Side), 1)).ToArray();
                for (var count = 2; count <= Count; count++)
                    Assert.Equal(alone[..(count * Classes * Side * Side)], Logits(scorer, input.AsSpan(0, count * 3 * Side * Side), count));
            });
    }

    [Fact]
    public void Calls_with_few_and_many_crops_run_at_the_same_time()
    {
        const int Count = 4;
        using var model = CompactWeights.DeconvNet.LoadOnnxModel(new() { Threads = 3 });
        using var scorer = new OnnxScorer(model);
        var input = TestNetworks.RandomInput(Count * 3 * Side * Side);
        var found = new float[8][];
        Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            var count = i % 2 == 0 ? 1 : Count;
            found[i] = Logits(scorer, input.AsSpan(0, count * 3 * Side * Side), count);
        });
        Assert.All(found, logits => Assert.Equal(found[1][..logits.Length], logits));
    }

    [Theory]
    [InlineData(1, 50, 13)]
    [InlineData(2, 50, 14)]
    [InlineData(2, 20, 10)]
    [InlineData(2, 1, 2)]
    [InlineData(3, 17, 9)]
    [InlineData(12, 20, 12)]
    [InlineData(24, 20, 24)]
    [InlineData(1000, int.MaxValue, 256)]
    public void A_batch_gives_every_thread_as_many_crops(int threads, int crops, int expected)
    {
        using var model = OnnxModel.Load(new MemoryStream(TestNetworks.ExportSmallDeconvNet()), "small", new() { Threads = threads });
        using var scorer = new OnnxScorer(model);
        Assert.Equal(expected, scorer.BatchSizeFor(crops));
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

    private static float[] Logits(OnnxScorer scorer, ReadOnlySpan<float> input, int count)
    {
        var logits = new float[count * Classes * Side * Side];
        scorer.Score(input, count, Side, Side, logits, TestContext.Current.CancellationToken);
        return logits;
    }

    [Fact]
    public void The_engine_needs_no_libtorch() => Assert.DoesNotContain(
        typeof(OnnxModel).Assembly.GetReferencedAssemblies(), name => name.Name!.Contains("Torch", StringComparison.OrdinalIgnoreCase) || name.Name == "DeconvNet.Core");
}
