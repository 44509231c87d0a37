using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Tests.Segmentation;

public class ProposalSegmenterTests
{
    private static readonly PixelBox Rectangle = new(30, 20, 70, 60);
    private static readonly ProposalSegmenterOptions Plain = new() { IncludeWholeImage = false };

    [Fact]
    public void A_colored_rectangle_gets_its_class_and_the_rest_is_background()
    {
        using var segmenter = new ProposalSegmenter(new FakeScorer(48), new GivenBoxes(Rectangle), Plain);
        var result = segmenter.Segment(Photos.WithRectangle(120, 90, Rectangle, 200, 20, 20), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("red", Assert.Single(result.Classes).Name);
        for (var y = 0; y < 90; y++)
        {
            for (var x = 0; x < 120; x++)
                Assert.Equal(x >= 30 && x < 70 && y >= 20 && y < 60 ? 1 : 0, result.Labels[x, y]);
        }
    }

    [Fact]
    public void Crops_are_squares_of_the_longer_side_times_the_context_factor()
    {
        var result = Segment(Plain, new FakeScorer(), new PixelBox(10, 20, 50, 30));
        Assert.Equal([new UsedProposal(new PixelBox(10, 20, 50, 30), new PixelBox(6, 1, 54, 49), 1)], result.Proposals);
    }

    [Fact]
    public void Outside_the_photo_the_network_sees_black_minus_the_mean()
    {
        var scorer = new FakeScorer(24) { Preprocessing = Preprocessing.Caffe };
        Segment(Plain with { ContextFactor = 1 }, scorer, new PixelBox(-12, -12, 12, 12));

        var planes = Assert.Single(scorer.Seen);
        Assert.Equal(-104.00698793f, planes[0], 1e-4f);
        Assert.Equal(-116.66876762f, planes[24 * 24], 1e-4f);
        Assert.Equal(90 - 104.00698793f, planes[(13 * 24) + 13], 1e-4f);
    }

    [Fact]
    public void Small_crops_are_skipped_and_not_counted()
    {
        var options = Plain with { MinSide = 24, MaxProposals = 2 };
        var result = Segment(options, new FakeScorer(), new(0, 0, 19, 19), new(0, 0, 20, 9), new(5, 5, 8, 8), new(3, 3, 40, 40), new(4, 4, 50, 50));
        Assert.Equal([new PixelBox(0, 0, 20, 9), new PixelBox(3, 3, 40, 40)], result.Proposals.Select(proposal => proposal.Box));
    }

    [Fact]
    public void The_whole_photo_can_be_the_first_proposal_and_counts()
    {
        var result = Segment(Plain with { IncludeWholeImage = true, MaxProposals = 2 }, new FakeScorer(), new(0, 0, 9, 9), new(5, 5, 50, 50));
        Assert.Equal([new PixelBox(0, 0, 100, 80), new PixelBox(0, 0, 9, 9)], result.Proposals.Select(proposal => proposal.Box));
    }

    [Fact]
    public void Without_proposals_everything_is_background()
    {
        var result = Segment(Plain, new FakeScorer());
        Assert.Empty(result.Proposals);
        Assert.Empty(result.Classes);
        Assert.True(result.Labels.Pixels.IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void Boxes_that_show_nothing_of_the_photo_are_not_scored()
    {
        var result = Segment(
            Plain, new FakeScorer(), new(200, 0, 300, 50), new(5, 5, 5, 9), new(-2_000_000_000, -2_000_000_000, 2_000_000_000, 2_000_000_000), new(1, 1, 30, 30));
        Assert.Equal(new PixelBox(1, 1, 30, 30), Assert.Single(result.Proposals).Box);
    }

    [Theory]
    [InlineData(ScoreMerge.Max, ScoreKind.Logits)]
    [InlineData(ScoreMerge.Sum, ScoreKind.Logits)]
    [InlineData(ScoreMerge.Mean, ScoreKind.Probabilities)]
    public void The_batch_size_changes_nothing(ScoreMerge merge, ScoreKind kind)
    {
        var image = Photos.Noise(83, 61, seed: 3);
        PixelBox[] boxes = [.. Enumerable.Range(0, 7).Select(i => new PixelBox(i * 5, i * 3, 20 + (i * 9), 30 + (i * 4)))];
        var scores = new[] { 1, 3, 7, 100 }.Select(batch =>
        {
            var scorer = new FakeScorer();
            using var segmenter = new ProposalSegmenter(scorer, new GivenBoxes(boxes), Plain with { BatchSize = batch, Merge = merge, Scores = kind });
            var result = segmenter.Segment(image, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(7, scorer.Batches.Sum());
            Assert.True(scorer.Batches.Max() <= batch);
            return result.Scores!.Values.ToArray();
        }).ToList();
        Assert.All(scores, other => Assert.Equal(scores[0], other));
    }

    [Theory]
    [InlineData(4, null, new[] { 4, 3 })]
    [InlineData(3, null, new[] { 3, 3, 1 })]
    [InlineData(256, null, new[] { 7 })]
    [InlineData(3, 5, new[] { 5, 2 })]
    public void Batches_have_the_given_size_or_the_one_that_suits_the_engine(int suiting, int? given, int[] expected)
    {
        var scorer = new FakeScorer { BestBatch = suiting };
        PixelBox[] boxes = [.. Enumerable.Range(0, 7).Select(i => new PixelBox(i, i, 20 + i, 30 + i))];
        using var segmenter = new ProposalSegmenter(scorer, new GivenBoxes(boxes), Plain with { BatchSize = given });
        segmenter.Segment(Photos.Noise(60, 60, 1), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(expected, scorer.Batches);
    }

    [Fact]
    public void The_text_of_a_recipe_has_no_batch_size() =>
        Assert.Equal(Plain.ToString(), (Plain with { BatchSize = 3 }).ToString());

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 700)]
    [InlineData(3000, 1)]
    [InlineData(2, 3)]
    [InlineData(4000, 3000)]
    public void Any_size_of_photo_gives_labels_of_its_size(int width, int height)
    {
        var rectangle = new PixelBox(width / 4, height / 4, Math.Max(1, 3 * width / 4), Math.Max(1, 3 * height / 4));
        using var segmenter = new ProposalSegmenter(new FakeScorer(32), options: new ProposalSegmenterOptions { MaxProposals = 3, MaxWorkingSide = 256 });
        var result = segmenter.Segment(Photos.WithRectangle(width, height, rectangle, 10, 20, 220), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((width, height), (result.Labels.Width, result.Labels.Height));
        Assert.InRange(Math.Max(result.Scores!.Width, result.Scores.Height), 1, 256);

        // A line one pixel wide falls between the samples of its crop.
        string[] expected = Math.Max(width, height) > 1 && Math.Min(width, height) == 1 ? [] : ["blue"];
        Assert.Equal(expected, result.Classes.Select(found => found.Name));
        Assert.Equal(new PixelBox(0, 0, width, height), result.Proposals[0].Box);
    }

    [Fact]
    public void Labels_of_a_large_photo_lie_where_its_object_is()
    {
        var rectangle = new PixelBox(800, 600, 1600, 1400);
        using var segmenter = new ProposalSegmenter(
            new FakeScorer(64), new GivenBoxes(rectangle), Plain with { MaxWorkingSide = 240, ContextFactor = 1 });
        var result = segmenter.Segment(Photos.WithRectangle(2400, 1800, rectangle, 10, 220, 20), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(rectangle, Assert.Single(result.Proposals).Box);
        Assert.Equal(800 * 800 / (2400.0 * 1800), Assert.Single(result.Classes).Fraction, 0.005);
        Assert.Equal(2, result.Labels[810, 610]);
        Assert.Equal(2, result.Labels[1590, 1390]);
        Assert.Equal(0, result.Labels[780, 580]);
    }

    [Fact]
    public void Progress_is_reported_after_each_batch()
    {
        var told = new List<WorkProgress>();
        using var segmenter = new ProposalSegmenter(new FakeScorer(), FiveBoxes, Plain with { BatchSize = 2 });
        segmenter.Segment(Photos.Noise(60, 60, 1), new Listener(told.Add), TestContext.Current.CancellationToken);
        Assert.Equal([new(0, 5), new(2, 5), new(4, 5), new(5, 5)], told);
    }

    [Fact]
    public void Canceling_ends_the_work_before_the_next_batch()
    {
        using var stop = new CancellationTokenSource();
        var scorer = new FakeScorer { BeforeEachCall = stop.Cancel };
        using var segmenter = new ProposalSegmenter(scorer, FiveBoxes, Plain with { BatchSize = 1 });
        Assert.ThrowsAny<OperationCanceledException>(() => segmenter.Segment(Photos.Noise(60, 60, 1), null, stop.Token));
        Assert.Single(scorer.Batches);
    }

    [Fact]
    public void Parallel_calls_give_the_same_bits_as_calls_in_turn()
    {
        using var segmenter = new ProposalSegmenter(new FakeScorer(), FiveBoxes, ProposalSegmenterOptions.Default with { Merge = ScoreMerge.Sum });
        RgbImage[] images = [.. Enumerable.Range(0, 8).Select(i => Photos.Noise(70 + i, 50, seed: i))];
        var inTurn = images.Select(image => segmenter.Segment(image, cancellationToken: TestContext.Current.CancellationToken)).ToList();
        var parallel = new SegmentationResult[images.Length];
        Parallel.For(0, images.Length, i => parallel[i] = segmenter.Segment(images[i], cancellationToken: TestContext.Current.CancellationToken));
        for (var i = 0; i < images.Length; i++)
        {
            Assert.Equal(inTurn[i].Scores!.Values, parallel[i].Scores!.Values);
            Assert.Equal(inTurn[i].Labels.Pixels, parallel[i].Labels.Pixels);
        }
    }

    [Fact]
    public void Scores_are_dropped_where_the_recipe_says_so()
    {
        var result = Segment(Plain with { KeepScores = false }, new FakeScorer(), new PixelBox(0, 0, 30, 30));
        Assert.Null(result.Scores);
        Assert.Contains("KeepScores", Assert.Throws<InvalidOperationException>(result.ComputeProbabilities).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_presets_are_those_of_the_paper_and_of_the_released_code()
    {
        var (paper, released) = (ProposalSegmenterOptions.Paper, ProposalSegmenterOptions.ReleasedCode);
        Assert.Equal((50, 1.2, 0, ScoreMerge.Max, ScoreFloor.OutsideCrops), (paper.MaxProposals, paper.ContextFactor, paper.MinSide, paper.Merge, paper.Floor));
        Assert.Equal((50, 112, ScoreMerge.Max, ScoreFloor.Everywhere, true), (released.MaxProposals, released.MinSide, released.Merge, released.Floor, released.Antialias));
        Assert.False(paper.IncludeWholeImage || released.IncludeWholeImage || released.ShiftByOnePixel);
    }

    [Fact]
    public void The_scorer_is_disposed_with_the_segmenter()
    {
        var scorer = new FakeScorer();
        var segmenter = new ProposalSegmenter(scorer, FiveBoxes);
        segmenter.Dispose();
        Assert.True(scorer.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => segmenter.Segment(Photos.Noise(9, 9, 1), cancellationToken: TestContext.Current.CancellationToken));
    }

    public static TheoryData<string, ProposalSegmenterOptions> BadOptions => new()
    {
        { "MaxProposals", Plain with { MaxProposals = 0 } },
        { "MaxProposals", Plain with { MaxProposals = -5 } },
        { "ContextFactor", Plain with { ContextFactor = 0 } },
        { "ContextFactor", Plain with { ContextFactor = double.NaN } },
        { "ContextFactor", Plain with { ContextFactor = 1e9 } },
        { "MinSide", Plain with { MinSide = -1 } },
        { "BatchSize", Plain with { BatchSize = 0 } },
        { "BatchSize", Plain with { BatchSize = 257 } },
        { "MaxWorkingSide", Plain with { MaxWorkingSide = 15 } },
        { "MaxWorkingSide", Plain with { MaxWorkingSide = 4097 } },
        { "Merge", Plain with { Merge = (ScoreMerge)7 } },
        { "Scores", Plain with { Scores = (ScoreKind)7 } },
        { "Floor", Plain with { Floor = (ScoreFloor)7 } },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void An_option_out_of_its_range_is_named(string name, ProposalSegmenterOptions options)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new ProposalSegmenter(new FakeScorer(), FiveBoxes, options));
        Assert.Equal(name, error.ParamName);
    }

    private static GivenBoxes FiveBoxes => new(new(0, 0, 20, 20), new(5, 5, 40, 30), new(10, 0, 50, 50), new(0, 20, 30, 50), new(30, 30, 60, 45));

    private static SegmentationResult Segment(ProposalSegmenterOptions options, FakeScorer scorer, params PixelBox[] boxes)
    {
        using var segmenter = new ProposalSegmenter(scorer, new GivenBoxes(boxes), options);
        return segmenter.Segment(Photos.WithRectangle(100, 80, default, 0, 0, 0), cancellationToken: TestContext.Current.CancellationToken);
    }

    private sealed class Listener(Action<WorkProgress> tell) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => tell(value);
    }
}
