using DeconvNet.Crf;
using DeconvNet.Imaging;

namespace DeconvNet.Tests.Crf;

public class CrfBadInputTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void NaN_energies_are_refused_with_their_position(float bad)
    {
        var values = new float[3 * 20];
        values[20 + 7] = bad;
        var thrown = Assert.Throws<ArgumentException>(() => new UnaryEnergies(3, 5, 4, values));
        Assert.Contains("label 1 at (2, 1)", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_infinite_energy_rules_a_label_out()
    {
        var unaries = CrfScenes.Random(3, 9, 7, 1);
        var (ruledOut, dear) = (unaries.Values.ToArray(), unaries.Values.ToArray());
        for (var i = 0; i < 40; i++)
            (ruledOut[i], dear[i]) = (float.PositiveInfinity, 1e9f);

        var photo = CrfScenes.Photo(9, 7, 2);
        var actual = CrfScenes.Infer(CrfOptions.Default, photo, new UnaryEnergies(3, 9, 7, ruledOut));
        Assert.Equal(CrfScenes.Infer(CrfOptions.Default, photo, new UnaryEnergies(3, 9, 7, dear)), actual);
        Assert.All(actual[..40], value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_pixel_without_any_possible_label_is_refused()
    {
        var values = new float[2 * 6];
        values[4] = values[6 + 4] = float.PositiveInfinity;
        var thrown = Assert.Throws<ArgumentException>(() => new UnaryEnergies(2, 3, 2, values));
        Assert.Contains("(1, 1)", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void NaN_scores_are_refused(float bad)
    {
        var scores = new float[2 * 9];
        scores[13] = bad;
        Assert.Throws<ArgumentException>(() => UnaryEnergies.FromLogits(2, 3, 3, scores));
    }

    [Fact]
    public void A_score_of_minus_infinity_rules_a_label_out_but_not_all()
    {
        Assert.Equal([0f, float.PositiveInfinity], UnaryEnergies.FromLogits(2, 1, 1, [5, float.NegativeInfinity]).Values);
        Assert.Throws<ArgumentException>(() => UnaryEnergies.FromLogits(2, 1, 1, [float.NegativeInfinity, float.NegativeInfinity]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-0.1f)]
    [InlineData(1.5f)]
    public void Probabilities_out_of_range_are_refused(float bad)
        => Assert.Throws<ArgumentException>(() => UnaryEnergies.FromProbabilities(1, 2, 1, [0.5f, bad]));

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(float.NaN, 1f)]
    [InlineData(1e-5f, 0f)]
    [InlineData(1e-5f, 1.1f)]
    public void Clip_and_scale_out_of_range_are_refused(float clip, float scale)
        => Assert.Throws<ArgumentOutOfRangeException>(() => UnaryEnergies.FromProbabilities(1, 1, 1, [0.5f], clip, scale));

    [Fact]
    public void Marked_labels_must_exist()
    {
        var map = new LabelMap(2, 1, [1, 3]);
        Assert.Contains("(1, 0)", Assert.Throws<ArgumentException>(() => UnaryEnergies.FromLabels(map, 3)).Message, StringComparison.Ordinal);
        Assert.Equal(3, UnaryEnergies.FromLabels(map, 3, unknown: 3).LabelCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => UnaryEnergies.FromLabels(map, 4, certainty: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => UnaryEnergies.FromLabels(map, 4, certainty: double.NaN));
    }

    [Fact]
    public void Sizes_must_fit()
    {
        var thrown = Assert.Throws<ArgumentException>(() => new DenseCrf().Infer(CrfScenes.Photo(4, 3, 1), CrfScenes.Random(2, 3, 4, 1), cancellationToken: Cancellation));
        Assert.Contains("4×3", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new UnaryEnergies(2, 3, 4, new float[23]));
        Assert.Throws<ArgumentException>(() => UnaryEnergies.FromLogits(2, 3, 4, new float[25]));
        Assert.Throws<ArgumentException>(() => UnaryEnergies.FromProbabilities(2, 3, 4, new float[25]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnaryEnergies(0, 3, 4, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnaryEnergies(1, 0, 4, []));
    }

    [Fact]
    public void A_compatibility_must_be_made_for_the_labels()
    {
        var options = CrfOptions.Default with { Gaussian = new() { Compatibility = LabelCompatibility.Diagonal(-1, -1) } };
        var thrown = Assert.Throws<ArgumentException>(() => CrfScenes.Infer(options, CrfScenes.Photo(3, 3, 1), CrfScenes.Random(3, 3, 3, 1)));
        Assert.Contains("3 labels", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LabelCompatibility.Matrix(new float[2, 3]));
        Assert.Throws<ArgumentException>(() => LabelCompatibility.Matrix(new float[0, 0]));
        Assert.Throws<ArgumentException>(() => LabelCompatibility.Matrix(new[,] { { float.NaN } }));
        Assert.Throws<ArgumentException>(() => LabelCompatibility.Diagonal());
        Assert.Throws<ArgumentException>(() => LabelCompatibility.Diagonal(float.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => LabelCompatibility.Potts(float.NaN));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(0.001f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Standard_deviations_must_be_positive(float sigma)
    {
        Refused(CrfOptions.Default with { Gaussian = new() { SigmaX = sigma } });
        Refused(CrfOptions.Default with { Gaussian = new() { SigmaY = sigma } });
        Refused(CrfOptions.Default with { Bilateral = new() { SigmaX = sigma } });
        Refused(CrfOptions.Default with { Bilateral = new() { SigmaY = sigma } });
        Refused(CrfOptions.Default with { Bilateral = new() { SigmaRed = sigma } });
        Refused(CrfOptions.Default with { Bilateral = new() { SigmaGreen = sigma } });
        Refused(CrfOptions.Default with { Bilateral = new() { SigmaBlue = sigma } });

        static void Refused(CrfOptions options) => Assert.Contains("standard deviation", Assert.Throws<ArgumentOutOfRangeException>(() => new DenseCrf(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseCrf(CrfOptions.Default with { Iterations = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseCrf(CrfOptions.Default with { Iterations = 1001 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseCrf(CrfOptions.Default with { PixelOrder = (PixelOrder)2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseCrf(CrfOptions.Default with { MaxDegreeOfParallelism = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseCrf(CrfOptions.Default with { Bilateral = new() { Normalization = (KernelNormalization)9 } }));
    }

    [Fact]
    public void An_image_too_large_for_a_tiny_standard_deviation_is_refused_with_an_explanation()
    {
        var options = CrfOptions.Default with { Gaussian = new() { SigmaX = 0.01f }, Bilateral = null };
        var thrown = Assert.Throws<ArgumentException>(() => CrfScenes.Infer(options, CrfScenes.Photo(9000, 1, 1), CrfScenes.Random(2, 9000, 1, 1)));
        Assert.Contains("too large for the standard deviation", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tiny_and_huge_standard_deviations_mean_what_they_say()
    {
        var (photo, unaries) = (CrfScenes.Photo(12, 9, 3), CrfScenes.Random(3, 12, 9, 4));

        // No pixels are close: with normalization each pixel gets only its own message, all of the same weight.
        var alone = CrfScenes.Infer(Gaussian(0.01f), photo, unaries);
        var single = CrfScenes.Infer(Gaussian(0.01f), new RgbImage(1, 1, [1, 2, 3]), new UnaryEnergies(3, 1, 1, [unaries.Values[5], unaries.Values[108 + 5], unaries.Values[216 + 5]]));
        Assert.All(single.Index(), item => Assert.Equal(item.Item, alone[(item.Index * 108) + 5], 1e-5f));

        // All pixels are close: all get the mean.
        var together = CrfScenes.Infer(Gaussian(1e9f) with { Iterations = 1 }, photo, unaries);
        var start = CrfScenes.Infer(Gaussian(1) with { Iterations = 0 }, photo, unaries);
        var means = Enumerable.Range(0, 3).Select(label => start.AsSpan(label * 108, 108).ToArray().Average()).ToArray();
        for (var pixel = 0; pixel < 108; pixel++)
        {
            var powers = Enumerable.Range(0, 3).Select(label => Math.Exp(-unaries.Values[(label * 108) + pixel] + (3 * means[label]))).ToArray();
            for (var label = 0; label < 3; label++)
                Assert.Equal(powers[label] / powers.Sum(), together[(label * 108) + pixel], 1e-5);
        }

        static CrfOptions Gaussian(float sigma) => CrfOptions.Default with { Gaussian = new() { SigmaX = sigma, SigmaY = sigma }, Bilateral = null };
    }

    [Fact]
    public void A_single_label_has_probability_1()
        => Assert.All(CrfScenes.Infer(CrfOptions.DeconvNet, CrfScenes.Photo(13, 5, 1), CrfScenes.Random(1, 13, 5, 1)), value => Assert.Equal(1, value));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(7, 1)]
    public void The_smallest_images_work(int width, int height)
    {
        foreach (var options in new[] { CrfOptions.DeconvNet, CrfOptions.Default })
        {
            var result = CrfScenes.Infer(options, CrfScenes.Photo(width, height, 1), CrfScenes.Random(2, width, height, 1));
            Assert.All(Enumerable.Range(0, width * height), pixel => Assert.Equal(1, result[pixel] + result[(width * height) + pixel], 1e-6f));
        }
    }

    [Fact]
    public void Without_iterations_or_kernels_the_result_is_the_softmax_of_the_energies()
    {
        var (photo, unaries) = (CrfScenes.Photo(6, 5, 1), CrfScenes.Random(4, 6, 5, 1));
        var expected = Enumerable.Range(0, 120).Select(i => (float)(Math.Exp(-unaries.Values[i]) / Enumerable.Range(0, 4).Sum(label => Math.Exp(-unaries.Values[(label * 30) + (i % 30)])))).ToArray();
        foreach (var options in new[] { CrfOptions.DeconvNet with { Iterations = 0 }, CrfOptions.Default with { Gaussian = null, Bilateral = null } })
            Assert.All(expected.Zip(CrfScenes.Infer(options, photo, unaries)), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }
}
