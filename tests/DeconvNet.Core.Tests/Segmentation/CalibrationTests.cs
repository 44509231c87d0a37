using CsCheck;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;
using DeconvNet.Weights;

namespace DeconvNet.Tests.Segmentation;

/// <summary>Temperature and the threshold under which an object gives way to background.</summary>
public class CalibrationTests
{
    private static readonly RgbImage Photo = Photos.Noise(3, 1, seed: 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Logits_are_divided_and_probabilities_become_powers()
    {
        var logits = new ScoreMap(ScoreKind.Logits, 2, 1, 1, [3, -1]).AtTemperature(2);
        var powers = new ScoreMap(ScoreKind.Probabilities, 2, 1, 1, [0.8f, 0.2f]).AtTemperature(0.5);

        Assert.Equal([1.5f, -0.5f], logits.Values.ToArray());
        Assert.Equal(0.64 / 0.68, powers.Plane(0)[0], 1e-6);
        Assert.Equal(0.04 / 0.68, powers.Plane(1)[0], 1e-6);
    }

    [Fact]
    public void Both_kinds_of_scores_mean_the_same_at_any_temperature() =>
        Gen.Select(Gen.Float[-8, 8].Array[3 * 4], Gen.Double[0.1, 10]).Sample((values, temperature) =>
        {
            var map = new ScoreMap(ScoreKind.Logits, 3, 2, 2, values);
            var (one, other) = (map.AtTemperature(temperature).ToProbabilities(), map.ToProbabilities().AtTemperature(temperature));
            for (var i = 0; i < values.Length; i++)
                Assert.Equal(one.Values[i], other.Values[i], 2e-5f);
        });

    [Fact]
    public void The_temperature_changes_no_label()
    {
        var values = Enumerable.Range(0, 3 * 20).Select(i => (float)(i * 37 % 41)).ToArray();
        var map = new ScoreMap(ScoreKind.Logits, 3, 5, 4, values);
        foreach (var temperature in (double[])[0.01, 0.3, 1, 7, 100])
            Assert.Equal(map.ToLabels(5, 4).Pixels, map.AtTemperature(temperature).ToLabels(5, 4).Pixels);
    }

    [Fact]
    public void A_region_that_is_not_confident_becomes_background()
    {
        // Class 1 with 0.9 and 0.6 beside it, background, and class 1 with 0.5: regions of upper quartile 0.825 and 0.5.
        var map = new ScoreMap(ScoreKind.Probabilities, 3, 4, 1, [0.05f, 0.3f, 0.8f, 0.3f, 0.9f, 0.6f, 0.1f, 0.5f, 0.05f, 0.1f, 0.1f, 0.2f]);

        Assert.Equal([1, 1, 0, 1], map.ToLabels(4, 1).Pixels.ToArray());
        Assert.Equal([1, 1, 0, 1], map.ToLabels(4, 1, minRegionConfidence: 0.49).Pixels.ToArray());
        Assert.Equal([1, 1, 0, 0], map.ToLabels(4, 1, minRegionConfidence: 0.51).Pixels.ToArray());
        Assert.Equal([1, 1, 0, 0], map.ToLabels(4, 1, minRegionConfidence: 0.82).Pixels.ToArray());
        Assert.Equal([0, 0, 0, 0], map.ToLabels(4, 1, minRegionConfidence: 0.83).Pixels.ToArray());
    }

    [Fact]
    public void Labels_at_the_size_of_the_map_are_the_lowest_of_its_best_classes_with_and_without_a_threshold() =>
        // Few different scores, so that many tie; widths around those of vectors.
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 5], Gen.Int[1, 6], Gen.Bool, Gen.Int[0, 1_000_000]).Sample((width, height, classes, areLogits, seed) =>
        {
            var random = new Random(seed);
            var values = Enumerable.Range(0, classes * width * height).Select(_ => random.Next(0, 6) / 5f).ToArray();
            var map = new ScoreMap(areLogits ? ScoreKind.Logits : ScoreKind.Probabilities, classes, width, height, values);

            Assert.Equal(Best(map), map.ToLabels(width, height).Pixels.ToArray());
            Assert.Equal(Best(map.WithMinRegionConfidence(0.4)), map.ToLabels(width, height, minRegionConfidence: 0.4).Pixels.ToArray());
        });

    [Fact]
    public void A_region_is_as_confident_as_the_quartile_of_its_probabilities() =>
        Gen.Float[-4, 4].Array[3 * 30].Sample(values =>
        {
            foreach (var kind in Enum.GetValues<ScoreKind>())
            {
                // One region that fills the map: class 1 is best everywhere.
                var scores = values.Select((value, i) => (kind == ScoreKind.Logits ? value : MathF.Exp(value)) + (i / 30 == 1 ? 200 : 0)).ToArray();
                var map = new ScoreMap(kind, 3, 30, 1, scores);
                var sorted = map.ToProbabilities().Plane(1).ToArray().Order().ToArray();
                // Three quarters of the way from the first to the last of 30 lie between the 22nd and the 23rd.
                var quartile = sorted[21] + ((sorted[22] - sorted[21]) * 0.75f);

                Assert.All(map.ToLabels(30, 1, Math.Min(quartile * 0.9999, 0.9999)).Pixels.ToArray(), label => Assert.Equal(1, label));
                if (quartile < 0.999)
                    Assert.All(map.ToLabels(30, 1, quartile * 1.0001).Pixels.ToArray(), label => Assert.Equal(0, label));
            }
        });

    [Fact]
    public void The_threshold_counts_after_the_temperature_and_leaves_the_scores()
    {
        using var cold = new FcnSegmenter(new FakeImageScorer(), new FcnSegmenterOptions { MinRegionConfidence = 0.99 });
        using var hot = new FcnSegmenter(new FakeImageScorer(), new FcnSegmenterOptions { MinRegionConfidence = 0.99, Temperature = 100 });
        using var open = new FcnSegmenter(new FakeImageScorer(), new FcnSegmenterOptions { Temperature = 100 });
        var photo = Photos.WithRectangle(20, 10, new PixelBox(5, 2, 15, 8), 10, 220, 20);

        var (sure, unsure, all) = (cold.Segment(photo, cancellationToken: Token), hot.Segment(photo, cancellationToken: Token), open.Segment(photo, cancellationToken: Token));

        Assert.Equal(60, Assert.Single(sure.Classes).PixelCount);
        Assert.Empty(unsure.Classes);
        Assert.Equal(sure.Labels.Pixels, all.Labels.Pixels);
        Assert.Equal(all.Scores!.Values, unsure.Scores!.Values);
        Assert.Equal(0.99, unsure.MinRegionConfidence);
    }

    [Fact]
    public void What_options_leave_open_the_weights_say()
    {
        var settings = new InferenceSettings { Temperature = 2, MinRegionConfidence = 0.4 };
        using var fcn = new FcnSegmenter(new FakeImageScorer { Settings = settings });
        using var crops = new ProposalSegmenter(new FakeScorer { Settings = settings }, new GivenBoxes());
        using var own = new FcnSegmenter(new FakeImageScorer { Settings = settings }, new FcnSegmenterOptions { Temperature = 3, MinRegionConfidence = 0 });
        using var published = new ProposalSegmenter(new FakeScorer { Settings = settings }, new GivenBoxes(), ProposalSegmenterOptions.Paper);
        using var bare = new FcnSegmenter(new FakeImageScorer());

        Assert.Equal((2, 0.4), (fcn.Options.Temperature, fcn.Options.MinRegionConfidence));
        Assert.Equal((2, 0.4), (crops.Options.Temperature, crops.Options.MinRegionConfidence));
        Assert.Equal((3, 0), (own.Options.Temperature, own.Options.MinRegionConfidence));
        Assert.Equal((1, 0), (published.Options.Temperature, published.Options.MinRegionConfidence));
        Assert.Equal((1, 0), (bare.Options.Temperature, bare.Options.MinRegionConfidence));
    }

    [Fact]
    public void Crops_are_merged_and_then_calibrated()
    {
        var photo = Photos.WithRectangle(60, 40, new PixelBox(20, 10, 45, 30), 250, 20, 20);
        foreach (var kind in Enum.GetValues<ScoreKind>())
        {
            var options = new ProposalSegmenterOptions { Scores = kind };
            using var plain = new ProposalSegmenter(new FakeScorer(), new GivenBoxes(new PixelBox(15, 5, 50, 35)), options);
            using var calibrated = new ProposalSegmenter(new FakeScorer(), new GivenBoxes(new PixelBox(15, 5, 50, 35)), options with { Temperature = 4 });
            Assert.Equal(
                plain.Segment(photo, cancellationToken: Token).Scores!.AtTemperature(4).Values, calibrated.Segment(photo, cancellationToken: Token).Scores!.Values);
        }
    }

    [Fact]
    public void An_ensemble_has_a_temperature_and_a_threshold_of_its_own()
    {
        GivenScores a = new(new ScoreMap(ScoreKind.Probabilities, 2, 3, 1, [0.1f, 0.4f, 0.9f, 0.9f, 0.6f, 0.1f]));
        using var plain = new EnsembleSegmenter([a, a], new EnsembleOptions());
        using var strict = new EnsembleSegmenter([a, a], new EnsembleOptions { MinRegionConfidence = 0.85 });
        using var sharp = new EnsembleSegmenter([a, a], new EnsembleOptions { MinRegionConfidence = 0.85, Temperature = 0.2 });

        Assert.Equal([1, 1, 0], plain.Segment(Photo, cancellationToken: Token).Labels.Pixels.ToArray());
        Assert.Equal([0, 0, 0], strict.Segment(Photo, cancellationToken: Token).Labels.Pixels.ToArray());
        Assert.Equal([1, 1, 0], sharp.Segment(Photo, cancellationToken: Token).Labels.Pixels.ToArray());
    }

    [Fact]
    public void An_ensemble_takes_the_mean_of_its_members_thresholds()
    {
        var settings = new InferenceSettings { MinRegionConfidence = 0.4 };
        using var ensemble = new EnsembleSegmenter(
            [new FcnSegmenter(new FakeImageScorer { Settings = settings }), new FcnSegmenter(new FakeImageScorer { Settings = settings }, new() { MinRegionConfidence = 0.8 })]);

        Assert.Equal(0.6, ensemble.Segment(Photos.Noise(20, 20, seed: 1), cancellationToken: Token).MinRegionConfidence, 1e-9);
    }

    [Fact]
    public void A_crf_does_not_bring_back_what_is_under_the_threshold()
    {
        // A block of class 1 with 0.6, which a CRF makes certain where nothing holds it back.
        var photo = Photos.WithRectangle(60, 40, new PixelBox(20, 10, 45, 30), 250, 20, 20);
        var values = new float[2 * 2400];
        for (var i = 0; i < 2400; i++)
        {
            var inside = i % 60 is >= 20 and < 45 && i / 60 is >= 10 and < 30;
            (values[i], values[2400 + i]) = inside ? (0.4f, 0.6f) : (0.9f, 0.1f);
        }

        var member = new GivenScores(new ScoreMap(ScoreKind.Probabilities, 2, 60, 40, values));
        using var open = new EnsembleSegmenter([member, member]).WithCrf();
        using var strict = new EnsembleSegmenter([member, member], new EnsembleOptions { MinRegionConfidence = 0.7 }).WithCrf();

        Assert.Equal(500, Assert.Single(open.Segment(photo, cancellationToken: Token).Classes).PixelCount);
        Assert.Empty(strict.Segment(photo, cancellationToken: Token).Classes);
    }

    [Theory]
    [InlineData(0, 0, "Temperature")]
    [InlineData(-1, 0, "Temperature")]
    [InlineData(double.NaN, 0, "Temperature")]
    [InlineData(1000, 0, "Temperature")]
    [InlineData(1, 1, "MinRegionConfidence")]
    [InlineData(1, -0.1, "MinRegionConfidence")]
    [InlineData(1, double.NaN, "MinRegionConfidence")]
    public void A_value_out_of_range_is_refused(double temperature, double threshold, string name)
    {
        var member = new GivenScores(null);
        Assert.Equal(name, Refused(() => new FcnSegmenter(new FakeImageScorer(), new() { Temperature = temperature, MinRegionConfidence = threshold })));
        Assert.Equal(name, Refused(() => new ProposalSegmenter(new FakeScorer(), new GivenBoxes(), new() { Temperature = temperature, MinRegionConfidence = threshold })));
        Assert.Equal(name, Refused(() => new EnsembleSegmenter([member, member], new() { Temperature = temperature, MinRegionConfidence = threshold })));

        static string? Refused(Func<object> make) => Assert.Throws<ArgumentOutOfRangeException>(make).ParamName;
    }

    private static byte[] Best(ScoreMap map) => [.. Enumerable.Range(0, map.Width * map.Height).Select(i =>
        (byte)Enumerable.Range(0, map.ClassCount).MaxBy(c => map.Plane(c)[i]))];
}
