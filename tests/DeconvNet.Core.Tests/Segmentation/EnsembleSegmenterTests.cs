using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Tests.Segmentation;

public class EnsembleSegmenterTests
{
    private static readonly RgbImage Photo = Photos.Noise(3, 1, seed: 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_mean_of_probabilities_is_the_papers_formula()
    {
        float[] a = [1, 2, -3, 0.5f, 2, 4], b = [0, 1, 1, 3, -1, 1];
        using var ensemble = Ensemble(EnsembleOptions.Default, Raw(a), Raw(b));

        var result = ensemble.Segment(Photo, cancellationToken: Token);

        Assert.Equal(ScoreKind.Probabilities, result.Scores!.Kind);
        for (var pixel = 0; pixel < 3; pixel++)
        {
            for (var c = 0; c < 2; c++)
                Assert.Equal((Softmax(a, pixel, c) + Softmax(b, pixel, c)) / 2, result.Scores.Plane(c)[pixel], 1e-6);
            var first = Softmax(a, pixel, 0) + Softmax(b, pixel, 0);
            Assert.Equal(first >= 1 ? 0 : 1, result.Labels[pixel, 0]);
        }
    }

    [Fact]
    public void The_product_of_scores_counts_negative_ones_as_zero()
    {
        using var ensemble = Ensemble(EnsembleOptions.ReleasedCode, Raw(2, -2, 3, 1, 4, 5), Raw(5, -3, -1, 2, 0.5f, 2));

        var result = ensemble.Segment(Photo, cancellationToken: Token);

        Assert.Equal([10, 0, 0, 2, 2, 10], result.Scores!.Values.ToArray());
        Assert.Equal(ScoreKind.Logits, result.Scores.Kind);
        Assert.Equal([0, 1, 1], result.Labels.Pixels.ToArray());
        Assert.Equal(1 / (1 + Math.Exp(-8)), result.ComputeProbabilities().Plane(0)[0], 1e-6);
    }

    [Fact]
    public void Weights_weigh_the_mean_and_are_exponents_of_the_product()
    {
        var (a, b) = (Probabilities(0.25f, 0.5f, 1, 0.75f, 0.5f, 0), Probabilities(1, 0, 0.5f, 0, 1, 0.5f));
        using var mean = Ensemble(new EnsembleOptions { Weights = [3, 1] }, a, b);
        using var product = Ensemble(EnsembleOptions.ReleasedCode with { Weights = [2, 0] }, Raw(3, -1, 2, 1, 1, 1), Raw(9, 9, 9, 9, 9, 9));

        Assert.Equal([0.4375f, 0.375f, 0.875f], mean.Segment(Photo, cancellationToken: Token).Scores!.Plane(0).ToArray());
        Assert.Equal([9, 0, 4, 1, 1, 1], product.Segment(Photo, cancellationToken: Token).Scores!.Values.ToArray());
    }

    [Fact]
    public void A_member_twice_is_the_member_alone_and_the_order_does_not_matter()
    {
        var random = new Random(3);
        var (a, b) = (Noise(random, 5, 4), Noise(random, 5, 4));
        var photo = Photos.Noise(5, 4, seed: 2);
        using var twice = Ensemble(EnsembleOptions.Default, a, a);
        using var forward = Ensemble(EnsembleOptions.Default, a, b);
        using var backward = Ensemble(EnsembleOptions.Default, b, a);

        Assert.Equal(a.Map!.ToProbabilities().Values.ToArray(), twice.Segment(photo, cancellationToken: Token).Scores!.Values.ToArray());
        Assert.Equal(
            forward.Segment(photo, cancellationToken: Token).Scores!.Values.ToArray(), backward.Segment(photo, cancellationToken: Token).Scores!.Values.ToArray());
    }

    [Fact]
    public void Maps_of_other_sizes_are_brought_to_the_largest()
    {
        var small = new GivenScores(new ScoreMap(ScoreKind.Probabilities, 2, 1, 1, [0.75f, 0.25f]));
        using var ensemble = Ensemble(EnsembleOptions.Default, small, Probabilities(0, 0.5f, 1, 1, 0.5f, 0));

        Assert.Equal([0.375f, 0.625f, 0.875f], ensemble.Segment(Photo, cancellationToken: Token).Scores!.Plane(0).ToArray());
    }

    [Fact]
    public void Times_add_up_and_progress_goes_from_0_to_1()
    {
        var seen = new List<double>();
        using var ensemble = Ensemble(EnsembleOptions.Default with { KeepScores = false }, Raw(1, 2, 3, 4, 5, 6), Raw(1, 2, 3, 4, 5, 6));

        var result = ensemble.Segment(Photo, new Listener(step => seen.Add(step.Fraction)), Token);

        Assert.Null(result.Scores);
        Assert.Equal(TimeSpan.FromSeconds(4), result.Timings.Network);
        Assert.Equal([0, 0.5, 0.5, 1], seen);
    }

    [Fact]
    public void Members_are_disposed_with_it()
    {
        GivenScores a = Raw(1, 1, 1, 1, 1, 1), b = Raw(1, 1, 1, 1, 1, 1);
        var ensemble = new EnsembleSegmenter([a, b]);
        ensemble.Dispose();
        Assert.True(a.IsDisposed && b.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => ensemble.Segment(Photo, cancellationToken: Token));
    }

    [Fact]
    public void A_member_without_scores_is_named()
    {
        using var ensemble = Ensemble(EnsembleOptions.Default, Raw(1, 1, 1, 1, 1, 1), new GivenScores(null));
        Assert.Contains("Member 1", Assert.Throws<InvalidOperationException>(() => ensemble.Segment(Photo, cancellationToken: Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_member_other_classes_and_bad_weights_are_refused()
    {
        GivenScores a = Raw(1, 1, 1, 1, 1, 1), stranger = new(null) { ClassNames = ["background", "cell"] };
        Assert.Throws<ArgumentException>(() => new EnsembleSegmenter([a]));
        Assert.Contains("cell", Assert.Throws<ArgumentException>(() => new EnsembleSegmenter([a, stranger])).Message, StringComparison.Ordinal);
        foreach (var weights in (double[][])[[1], [1, -1], [0, 0], [1, double.NaN], [1, double.PositiveInfinity]])
            Assert.Throws<ArgumentOutOfRangeException>(() => new EnsembleSegmenter([a, a], new EnsembleOptions { Weights = weights }));
    }

    private static EnsembleSegmenter Ensemble(EnsembleOptions options, params GivenScores[] members) => new(members, options);

    private static GivenScores Raw(params float[] values) => new(new ScoreMap(ScoreKind.Logits, 2, 3, 1, values));

    private static GivenScores Probabilities(params float[] values) => new(new ScoreMap(ScoreKind.Probabilities, 2, 3, 1, values));

    private static GivenScores Noise(Random random, int width, int height)
    {
        var values = new float[2 * width * height];
        for (var i = 0; i < values.Length; i++)
            values[i] = (8 * random.NextSingle()) - 4;
        return new GivenScores(new ScoreMap(ScoreKind.Logits, 2, width, height, values));
    }

    private static double Softmax(float[] scores, int pixel, int classId)
    {
        double zero = Math.Exp(scores[pixel]), one = Math.Exp(scores[3 + pixel]);
        return (classId == 0 ? zero : one) / (zero + one);
    }

    private sealed class Listener(Action<WorkProgress> tell) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => tell(value);
    }
}
