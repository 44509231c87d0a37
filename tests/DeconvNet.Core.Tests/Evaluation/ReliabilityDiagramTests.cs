using DeconvNet.Evaluation.Metrics;
using DeconvNet.Imaging;

namespace DeconvNet.Tests.Evaluation;

public class ReliabilityDiagramTests
{
    [Fact]
    public void Bins_hold_mean_probability_and_accuracy()
    {
        var diagram = new ReliabilityDiagram();

        // Void does not count; 0.92 and 0.96 share a bin, in which one of two is right.
        diagram.Add(new LabelMap(5, 1, [1, 1, 0, 0, 1]), [0.92f, 0.96f, 0.55f, 0.3f, 1f], new LabelMap(5, 1, [1, 0, 0, 255, 1]));

        Assert.Equal(2, diagram.Bins.Count);
        Assert.Equal((0.5, 0.6, 1L, 1.0), (diagram.Bins[0].Low, diagram.Bins[0].High, diagram.Bins[0].PixelCount, diagram.Bins[0].Accuracy));
        Assert.Equal((0.9, 1.0, 3L), (diagram.Bins[1].Low, diagram.Bins[1].High, diagram.Bins[1].PixelCount));
        Assert.Equal(0.96, diagram.Bins[1].MeanProbability, 1e-6);
        Assert.Equal(2.0 / 3, diagram.Bins[1].Accuracy, 1e-9);
        Assert.Equal(((0.45 * 1) + (3 * (0.96 - (2.0 / 3)))) / 4, diagram.ExpectedCalibrationError, 1e-6);
    }

    [Fact]
    public void Calibrated_guesses_have_no_calibration_error()
    {
        var random = new Random(3);
        var (n, diagram) = (200_000, new ReliabilityDiagram());
        var probabilities = Enumerable.Range(0, n).Select(_ => random.NextSingle()).ToArray();

        diagram.Add(new LabelMap(n, 1, new byte[n]), probabilities, new LabelMap(n, 1, [.. probabilities.Select(p => (byte)(random.NextSingle() < p ? 0 : 1))]));

        Assert.InRange(diagram.ExpectedCalibrationError, 0, 0.01);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_counts_nothing()
    {
        var diagram = new ReliabilityDiagram();
        var two = new LabelMap(2, 1, [0, 1]);

        Assert.Throws<ArgumentException>(() => diagram.Add(two, [0.5f], two));
        Assert.Throws<ArgumentException>(() => diagram.Add(two, [0.5f, float.NaN], two));
        Assert.Throws<ArgumentException>(() => diagram.Add(two, [0.5f, 1.5f], two));
        Assert.Throws<ArgumentException>(() => diagram.Add(new LabelMap(1, 1, [0]), [0.5f], two));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReliabilityDiagram(1));
        Assert.Empty(diagram.Bins);
    }
}
