using DeconvNet.Crf;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;
using DeconvNet.Tests.Segmentation;

namespace DeconvNet.Tests.Crf;

public class CrfSegmenterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static RgbImage Photo { get; } = Photos.WithRectangle(60, 40, new PixelBox(20, 10, 45, 30), 250, 20, 20);

    [Fact]
    public void Refined_labels_are_those_of_the_crf_on_the_scores_and_the_time_is_reported()
    {
        using var plain = new ProposalSegmenter(new FakeScorer(), new GivenBoxes(new PixelBox(15, 5, 50, 35)));
        using var refined = plain.WithCrf(CrfOptions.DeconvNet);
        var (before, after) = (plain.Segment(Photo, cancellationToken: Cancellation), refined.Segment(Photo, cancellationToken: Cancellation));

        var expected = before.Scores!.Refine(Photo, new DenseCrf(CrfOptions.DeconvNet), cancellationToken: Cancellation);
        Assert.Equal(expected.Values, after.Scores!.Values);
        Assert.Equal(expected.ToLabels(60, 40).Pixels, after.Labels.Pixels);
        Assert.Equal(ScoreKind.Probabilities, after.Scores.Kind);
        Assert.Equal(before.Proposals, after.Proposals);
        Assert.Equal(TimeSpan.Zero, before.Timings.Crf);
        Assert.True(after.Timings.Crf > TimeSpan.Zero);
        Assert.Equal(after.Timings.Proposals + after.Timings.Crops + after.Timings.Network + after.Timings.Merge + after.Timings.Crf, after.Timings.Total);
        Assert.Contains("\"crf\"", after.ToJson(), StringComparison.Ordinal);
        Assert.Equal(after.Timings.Crf * 2, (after.Timings + after.Timings).Crf);
    }

    [Fact]
    public void Borders_follow_the_photo()
    {
        // Rough scores: a block that is 6 pixels off on each side.
        var scores = new float[2 * 60 * 40];
        for (var i = 0; i < 2400; i++)
        {
            var inside = i % 60 is >= 26 and < 51 && i / 60 is >= 6 and < 26;
            scores[i] = inside ? 0 : 1;
            scores[2400 + i] = inside ? 1 : 0;
        }

        var refined = new ScoreMap(ScoreKind.Logits, 2, 60, 40, scores).Refine(Photo, new DenseCrf(), cancellationToken: Cancellation).ToLabels(60, 40);
        var truth = Enumerable.Range(0, 2400).Select(i => i % 60 is >= 20 and < 45 && i / 60 is >= 10 and < 30 ? 1 : 0);
        var rough = Enumerable.Range(0, 2400).Select(i => scores[2400 + i] > 0 ? 1 : 0);
        Assert.InRange(refined.Pixels.ToArray().Zip(truth).Count(pair => pair.First != pair.Second), 0, rough.Zip(truth).Count(pair => pair.First != pair.Second) / 4);
    }

    [Fact]
    public void Scores_of_another_size_than_the_photo_are_refined_at_theirs()
    {
        using var plain = new ProposalSegmenter(new FakeScorer(), new GivenBoxes(new PixelBox(15, 5, 50, 35)), new ProposalSegmenterOptions { MaxWorkingSide = 30 });
        using var refined = plain.WithCrf();
        var result = refined.Segment(Photo, cancellationToken: Cancellation);
        Assert.Equal((30, 20), (result.Scores!.Width, result.Scores.Height));
        Assert.Equal((60, 40), (result.Labels.Width, result.Labels.Height));
        Assert.Equal(1, result.Labels[32, 20]);
    }

    [Fact]
    public void Probabilities_are_refined_too()
    {
        using var plain = new ProposalSegmenter(
            new FakeScorer(), new GivenBoxes(new PixelBox(15, 5, 50, 35)), new ProposalSegmenterOptions { Scores = ScoreKind.Probabilities, IncludeWholeImage = false });
        using var refined = plain.WithCrf();
        var result = refined.Segment(Photo, cancellationToken: Cancellation);
        Assert.Equal((1, 0), (result.Labels[32, 20], result.Labels[2, 2]));
    }

    [Fact]
    public void Progress_rises_to_its_total()
    {
        using var plain = new ProposalSegmenter(new FakeScorer(), new GivenBoxes(new PixelBox(15, 5, 50, 35)));
        using var refined = plain.WithCrf(CrfOptions.DeconvNet);
        var told = new List<WorkProgress>();
        refined.Segment(Photo, new Told(told), Cancellation);
        Assert.Equal(told.OrderBy(progress => progress.Fraction), told);
        Assert.Equal(1, told[^1].Fraction);
        Assert.True(told.Count(progress => progress.Done > 100) == 10);
    }

    [Fact]
    public void The_inner_segmenter_is_disposed_with_it()
    {
        var scorer = new FakeScorer();
        var refined = new ProposalSegmenter(scorer, new GivenBoxes()).WithCrf();
        refined.Dispose();
        Assert.True(scorer.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => refined.Segment(Photo, cancellationToken: Cancellation));
    }

    [Fact]
    public void Segmenters_without_scores_and_bad_options_are_refused()
    {
        using var forgetful = new ProposalSegmenter(new FakeScorer(), new GivenBoxes(), new ProposalSegmenterOptions { KeepScores = false });
        using var refined = forgetful.WithCrf();
        Assert.Contains("KeepScores", Assert.Throws<InvalidOperationException>(() => refined.Segment(Photo, cancellationToken: Cancellation)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => forgetful.WithCrf(CrfOptions.Default with { Iterations = -1 }));
        Assert.Throws<ArgumentException>(() => forgetful.WithCrf(CrfOptions.Default with { Gaussian = new() { Compatibility = LabelCompatibility.Diagonal(1, 2) } }));
    }

    private sealed class Told(List<WorkProgress> list) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => list.Add(value);
    }
}
