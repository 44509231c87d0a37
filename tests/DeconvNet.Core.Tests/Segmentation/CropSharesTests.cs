using System.Collections.Concurrent;
using DeconvNet.Engine;
using DeconvNet.Networks;
using DeconvNet.Runtime;
using DeconvNet.Tests.Support;
using static TorchSharp.torch;

namespace DeconvNet.Tests.Segmentation;

[Collection(TorchTests.Name)]
public class CropSharesTests
{
    private const int Side = 64;
    private const int Classes = 3;

    public CropSharesTests()
    {
        TorchRuntime.EnsureUsable();
        Assert.SkipUnless(OpenMpThreads.CanBeLimited, "OpenMP's functions were not found.");
    }

    [Theory]
    [InlineData(1, 64, 1)]
    [InlineData(4, 64, 1)]
    [InlineData(5, 64, 2)]
    [InlineData(50, 64, 14)]
    [InlineData(16, 16, 1)]
    [InlineData(3, 224, 2)]
    [InlineData(20, 128, 10)]
    [InlineData(5, 128, 4)]
    public void Shares_are_few_crops_and_an_even_number_where_there_is_one(int crops, int side, int expected) => Assert.Equal(expected, CropShares.CountOf(crops, side));

    [Theory]
    [InlineData(2, 7, 3)]
    [InlineData(14, 50, 2)]
    [InlineData(5, 5, 1)]
    public void Every_crop_is_computed_once(int shares, int crops, int threads)
    {
        var seen = new ConcurrentBag<int>();
        CropShares.Run(shares, crops, threads, (start, end) => AddAll(seen, start, end), TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, crops), seen.Order());

        static void AddAll(ConcurrentBag<int> seen, int start, int end)
        {
            for (var i = start; i < end; i++)
                seen.Add(i);
        }
    }

    [Theory]
    [InlineData(5, TorchPrecision.Full, false)]
    [InlineData(13, TorchPrecision.Full, true)]
    [InlineData(24, TorchPrecision.BFloat16, false)]
    public void Logits_have_the_same_bits_on_any_number_of_threads_and_share_by_share(int crops, TorchPrecision precision, bool isPadded)
    {
        using var scope = NewDisposeScope();
        using var forced = isPadded ? new ForcedPadding() : null;
        using var scorer = Owning(precision);
        var input = Input(crops);
        var shares = CropShares.CountOf(crops, Side);
        var expected = new float[crops * Classes * Side * Side];
        using (new ThreadSetting(1))
        {
            // One share alone is a pass of the whole network, whose rounding depends on the number of threads.
            for (var i = 0; i < shares; i++)
            {
                var (start, end) = (i * crops / shares, (i + 1) * crops / shares);
                Assert.Equal(1, CropShares.CountOf(end - start, Side));
                Score(scorer, input.AsSpan(start * 3 * Side * Side, (end - start) * 3 * Side * Side), end - start)
                    .CopyTo(expected, start * Classes * Side * Side);
            }
        }

        foreach (var threads in new[] { 1, 2, shares })
        {
            using var setting = new ThreadSetting(threads);
            Assert.Equal(expected, Score(scorer, input, crops));
        }
    }

    [Fact]
    public void A_model_that_is_not_owned_gives_the_same_bits()
    {
        using var scope = NewDisposeScope();
        using var setting = new ThreadSetting(2);
        using var model = Model();
        using var scorer = new TorchScorer(model);
        using var owning = Owning();
        var input = Input(9);
        Assert.Equal(Score(owning, input, 9), Score(scorer, input, 9));
    }

    [Fact]
    public void Parallel_calls_give_the_same_bits_as_calls_in_turn()
    {
        using var scope = NewDisposeScope();
        using var setting = new ThreadSetting(2);
        using var scorer = Owning();
        var inputs = Enumerable.Range(5, 6).Select(Input).ToList();
        var inTurn = inputs.Select((input, i) => Score(scorer, input, 5 + i)).ToList();
        var parallel = new float[inputs.Count][];

        // New threads take over the setting; those of the pool may have another, from earlier.
        var threads = inputs.Select((input, i) => new Thread(() => parallel[i] = Score(scorer, input, 5 + i))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(inTurn, parallel);
    }

    [Fact]
    public void One_thread_is_limited_and_the_setting_of_every_thread_stays()
    {
        using var scope = NewDisposeScope();
        using var setting = new ThreadSetting(3);
        using (OpenMpThreads.One())
        {
            Assert.Equal(1, get_num_threads());
            Assert.Equal(3, OfNewThread());
        }

        Assert.Equal(3, get_num_threads());
        using var scorer = Owning();
        Score(scorer, Input(24), 24);
        Assert.Equal((3, 3), (get_num_threads(), OfNewThread()));
        CropShares.Run(2, 2, 2, (_, _) => Assert.Equal(1, get_num_threads()), TestContext.Current.CancellationToken);
        Assert.Equal((3, 3), (get_num_threads(), OfNewThread()));

        static int OfNewThread()
        {
            var threads = 0;
            var thread = new Thread(() => threads = get_num_threads());
            thread.Start();
            thread.Join();
            return threads;
        }
    }

    [Fact]
    public void Work_that_is_canceled_ends_with_the_running_shares()
    {
        using var stop = new CancellationTokenSource();
        var computed = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => CropShares.Run(1000, 1000, 2, (_, _) =>
        {
            if (Interlocked.Increment(ref computed) >= 3)
                stop.Cancel();
        }, stop.Token));
        Assert.InRange(computed, 3, 4);
    }

    [Fact]
    public void The_error_of_a_share_comes_out_as_it_is_and_limits_no_thread()
    {
        using var setting = new ThreadSetting(2);
        var error = Assert.Throws<InvalidDataException>(() => CropShares.Run(8, 8, 2, (_, _) => throw new InvalidDataException("This one."), TestContext.Current.CancellationToken));
        Assert.Equal("This one.", error.Message);
        Assert.Equal(2, get_num_threads());
    }

    [Fact]
    public void Threads_leave_no_tensor_behind()
    {
        using var scope = NewDisposeScope();
        using var setting = new ThreadSetting(2);
        using var scorer = Owning();
        var input = Input(12);
        Score(scorer, input, 12);
        var before = LiveTensors.CountSettled();
        for (var i = 0; i < 10; i++)
            Score(scorer, input, 12);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void NaN_in_a_share_is_reported_with_its_layer()
    {
        using var scope = NewDisposeScope();
        using var setting = new ThreadSetting(2);
        using var scorer = Owning();
        var input = Input(12);
        input[^1] = float.NaN;
        var error = Assert.Throws<InvalidOperationException>(() => Score(scorer, input, 12));
        Assert.Contains("conv1_1", error.Message, StringComparison.Ordinal);
    }

    private static DeconvNetModel Model()
    {
        random.manual_seed(2);
        var model = new DeconvNetModel(new() { ClassCount = Classes, Width = 8, FcChannels = 32, InputSize = Side });
        using (no_grad())
        {
            // As they are, logits would be near zero.
            foreach (var weight in model.parameters().Where(parameter => parameter.dim() == 4))
                nn.init.kaiming_normal_(weight);
        }

        model.eval();
        return model;
    }

    private static TorchScorer Owning(TorchPrecision precision = TorchPrecision.Full) => new(Model(), new TorchEngineOptions { Precision = precision }) { OwnsNetwork = true };

    private static float[] Input(int crops)
    {
        var random = new Random(crops);
        return [.. Enumerable.Range(0, crops * 3 * Side * Side).Select(_ => random.NextSingle() - 0.5f)];
    }

    private static float[] Score(TorchScorer scorer, ReadOnlySpan<float> input, int crops)
    {
        var logits = new float[crops * Classes * Side * Side];
        scorer.Score(input, crops, Side, Side, logits, TestContext.Current.CancellationToken);
        return logits;
    }
}
