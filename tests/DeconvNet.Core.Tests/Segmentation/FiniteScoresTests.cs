using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;
using DeconvNet.Weights;

namespace DeconvNet.Tests.Segmentation;

public class FiniteScoresTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void A_scorer_that_returns_no_finite_number_is_named(float wrong, string shown)
    {
        using var fcn = new FcnSegmenter(new BrokenScorer(null, wrong));
        using var crops = new ProposalSegmenter(new BrokenScorer(16, wrong), new GivenBoxes(new PixelBox(0, 0, 9, 9)));
        foreach (var segmenter in (ISegmenter[])[fcn, crops])
        {
            var error = Assert.Throws<InvalidOperationException>(() => segmenter.Segment(Photos.Noise(16, 16, 1), cancellationToken: Token));
            Assert.Contains($"BrokenScorer returned {shown} as the score of 'thing' at (3, 2)", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_segmenter_before_a_crf_or_in_an_ensemble_is_named()
    {
        var scores = new ScoreMap(ScoreKind.Probabilities, 2, 2, 1, [0, 0, 1, float.NaN]);
        using var refined = new GivenScores(scores).WithCrf();
        using var ensemble = new EnsembleSegmenter([new GivenScores(scores), new GivenScores(scores)]);
        foreach (var (segmenter, name) in new (ISegmenter, string)[] { (refined, "GivenScores returned NaN"), (ensemble, "Member 0 of the ensemble") })
        {
            var error = Assert.Throws<InvalidOperationException>(() => segmenter.Segment(Photos.Noise(2, 1, 1), cancellationToken: Token));
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
    }

    private sealed class BrokenScorer(int? side, float wrong) : IScorer
    {
        public int? InputSize => side;

        public IReadOnlyList<string> ClassNames => ["background", "thing"];

        public Preprocessing Preprocessing => Preprocessing.Caffe;

        public InferenceSettings Settings => InferenceSettings.None;

        public void Score(ReadOnlySpan<float> input, int count, int height, int width, Span<float> logits)
        {
            logits.Clear();
            logits[(height * width) + (2 * width) + 3] = wrong;
        }

        public void Dispose()
        {
        }
    }
}
