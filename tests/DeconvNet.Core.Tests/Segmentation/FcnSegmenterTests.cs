using DeconvNet.Engine;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;
using DeconvNet.Tests.Networks;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Segmentation;

[Collection(TorchTests.Name)]
public class FcnSegmenterTests
{
    private static readonly PixelBox Rectangle = new(10, 5, 30, 25);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_pixel_gets_the_class_that_the_network_names()
    {
        using var scorer = new FakeImageScorer();
        using var segmenter = new FcnSegmenter(scorer);
        var result = segmenter.Segment(Photos.WithRectangle(50, 40, Rectangle, 10, 220, 20), cancellationToken: Token);

        AssertLabels(result, (x, y) => Rectangle.X0 <= x && x < Rectangle.X1 && Rectangle.Y0 <= y && y < Rectangle.Y1 ? (byte)2 : (byte)0);
        Assert.Equal((4, 50, 40, ScoreKind.Logits), (result.Scores!.ClassCount, result.Scores.Width, result.Scores.Height, result.Scores.Kind));
        Assert.Empty(result.Proposals);
        Assert.True(result.Timings.Total > TimeSpan.Zero);
    }

    [Fact]
    public void Padding_lies_right_and_below_is_zero_after_the_mean_and_is_cut_off_again()
    {
        using var scorer = new FakeImageScorer { Preprocessing = new() { Order = ChannelOrder.Rgb, Scale = ChannelValues.All(1), Mean = new(7, 7, 7) } };
        using var segmenter = new FcnSegmenter(scorer, FcnSegmenterOptions.ReleasedCode);
        var photo = Photos.WithRectangle(50, 40, Rectangle, 220, 10, 20);
        var result = segmenter.Segment(photo, cancellationToken: Token);

        var (width, height, planes) = Assert.Single(scorer.Seen);
        Assert.Equal((500, 500), (width, height));
        for (var y = 0; y < 60; y++)
        {
            for (var x = 0; x < 60; x++)
                Assert.Equal(x < 50 && y < 40 ? photo.Pixels[3 * ((y * 50) + x)] - 7f : 0f, planes[(y * 500) + x]);
        }

        Assert.Equal((50, 40), (result.Scores!.Width, result.Scores.Height));
        AssertLabels(result, (x, y) => Rectangle.X0 <= x && x < Rectangle.X1 && Rectangle.Y0 <= y && y < Rectangle.Y1 ? (byte)1 : (byte)0);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 700)]
    [InlineData(37, 2)]
    [InlineData(501, 333)]
    [InlineData(1300, 900)]
    public void Any_size_gives_labels_of_that_size(int width, int height)
    {
        using var scorer = new FakeImageScorer();
        foreach (var options in new[] { FcnSegmenterOptions.Default, FcnSegmenterOptions.ReleasedCode, FcnSegmenterOptions.Default with { WorkingSide = 160 } })
        {
            using var segmenter = new FcnSegmenter(scorer, options);
            var result = segmenter.Segment(Photos.Noise(width, height, 1), cancellationToken: Token);
            Assert.Equal((width, height), (result.Labels.Width, result.Labels.Height));
        }

        Assert.All(scorer.Seen, seen => Assert.InRange(Math.Max(seen.Width, seen.Height), 1, 1024));
    }

    [Fact]
    public void The_working_side_shrinks_and_enlarges()
    {
        using var scorer = new FakeImageScorer();
        using var segmenter = new FcnSegmenter(scorer, new FcnSegmenterOptions { WorkingSide = 64 });
        segmenter.Segment(Photos.Noise(128, 96, 1), cancellationToken: Token);
        segmenter.Segment(Photos.Noise(8, 32, 1), cancellationToken: Token);

        Assert.Equal([(64, 48), (16, 64)], scorer.Seen.Select(seen => (seen.Width, seen.Height)));
    }

    [Fact]
    public void The_mirror_image_is_scored_too_and_its_scores_are_mirrored_back()
    {
        using var scorer = new FakeImageScorer();
        using var plain = new FcnSegmenter(scorer);
        using var mirrored = new FcnSegmenter(scorer, new FcnSegmenterOptions { Mirror = true });
        var photo = Photos.Noise(31, 20, 4);

        // This network looks at single pixels, so that the mirror image adds nothing new.
        Assert.Equal(plain.Segment(photo, cancellationToken: Token).Scores!.Values.ToArray(), mirrored.Segment(photo, cancellationToken: Token).Scores!.Values.ToArray());
        Assert.Equal(3, scorer.Seen.Count);
    }

    [Fact]
    public void Progress_is_reported_and_cancellation_ends_the_work()
    {
        using var stop = new CancellationTokenSource();
        using var scorer = new FakeImageScorer { BeforeEachCall = stop.Cancel };
        using var segmenter = new FcnSegmenter(scorer, new FcnSegmenterOptions { Mirror = true });
        var steps = new List<WorkProgress>();

        Assert.Throws<OperationCanceledException>(() => segmenter.Segment(Photos.Noise(9, 9, 1), new Steps(steps.Add), stop.Token));
        Assert.Single(scorer.Seen);
        Assert.Equal([new(0, 2), new(1, 2)], steps);
    }

    [Fact]
    public void Parallel_calls_are_bit_equal_to_calls_in_turn()
    {
        using var model = FcnWaves.Model(FcnWaves.Narrow);
        using var segmenter = model.CreateSegmenter(new FcnSegmenterOptions { MaxSide = 64 });
        RgbImage[] photos = [.. Enumerable.Range(0, 6).Select(i => Photos.Noise(40 + i, 60 - i, i))];
        float[][] inTurn = [.. photos.Select(photo => segmenter.Segment(photo, cancellationToken: Token).Scores!.Values.ToArray())];
        float[][] parallel = [.. photos.AsParallel().AsOrdered().Select(photo => segmenter.Segment(photo, cancellationToken: Token).Scores!.Values.ToArray())];

        Assert.Equal(inTurn, parallel);
    }

    [Fact]
    public void What_is_out_of_range_or_disposed_is_refused()
    {
        using var scorer = new FakeImageScorer();
        Assert.Contains("MaxSide is 3", Refused(new() { MaxSide = 3 }), StringComparison.Ordinal);
        Assert.Contains("WorkingSide is 15", Refused(new() { WorkingSide = 15 }), StringComparison.Ordinal);
        Assert.Contains("WorkingSide is 2000", Refused(new() { WorkingSide = 2000 }), StringComparison.Ordinal);
        Assert.Contains("PaddedSide is 0", Refused(new() { PaddedSide = 0 }), StringComparison.Ordinal);

        Assert.Contains("crops of 16", Assert.Throws<ArgumentException>(() => new FcnSegmenter(new FakeScorer())).Message, StringComparison.Ordinal);

        var segmenter = new FcnSegmenter(scorer);
        segmenter.Dispose();
        Assert.True(scorer.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => segmenter.Segment(Photos.Noise(4, 4, 1), cancellationToken: Token));

        using var model = new FcnModel(FcnWaves.Narrow);
        using var torchScorer = new TorchScorer(model);
        Assert.Throws<ArgumentException>(() => torchScorer.Score(new float[11], 1, 2, 2, new float[12], TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => torchScorer.Score(new float[12], 1, 2, 2, new float[11], TestContext.Current.CancellationToken));

        string Refused(FcnSegmenterOptions options) => Assert.ThrowsAny<ArgumentException>(() => new FcnSegmenter(scorer, options)).Message;
    }

    private static void AssertLabels(SegmentationResult result, Func<int, int, byte> expected)
    {
        for (var i = 0; i < result.Labels.Pixels.Length; i++)
            Assert.Equal(expected(i % result.Labels.Width, i / result.Labels.Width), result.Labels.Pixels[i]);
    }

    private sealed class Steps(Action<WorkProgress> report) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => report(value);
    }
}
