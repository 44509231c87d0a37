using DeconvNet.Imaging;

namespace DeconvNet.Evaluation.Metrics;

/// <summary>
/// How well calibrated probabilities are: pixels are binned by the probability of their predicted class, and the mean probability of each bin is compared with
/// its accuracy (Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural Networks, ICML 2017). Not thread-safe.
/// </summary>
public sealed class ReliabilityDiagram
{
    private readonly long[] counts, right;
    private readonly double[] sums;

    /// <summary>Creates an empty diagram.</summary>
    /// <param name="binCount">Number of bins of equal width between 0 and 1, 2 … 1,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public ReliabilityDiagram(int binCount = 10)
    {
        if (binCount is < 2 or > 1000)
            throw new ArgumentOutOfRangeException(nameof(binCount), binCount, "A reliability diagram has 2 … 1000 bins.");
        (counts, right, sums) = (new long[binCount], new long[binCount], new double[binCount]);
    }

    /// <summary>The non-empty bins, by probability.</summary>
    public IReadOnlyList<ReliabilityBin> Bins =>
    [
        .. Enumerable.Range(0, counts.Length).Where(i => counts[i] > 0).Select(i => new ReliabilityBin
        {
            Low = (double)i / counts.Length,
            High = (i + 1.0) / counts.Length,
            PixelCount = counts[i],
            MeanProbability = sums[i] / counts[i],
            Accuracy = (double)right[i] / counts[i],
        }),
    ];

    /// <summary>
    /// Expected calibration error (ECE): the mean absolute difference between probability and accuracy over the bins, weighted by their pixels, 0 … 1. NaN without pixels.
    /// </summary>
    public double ExpectedCalibrationError
    {
        get
        {
            var bins = Bins;
            return bins.Sum(bin => bin.PixelCount * Math.Abs(bin.MeanProbability - bin.Accuracy)) / bins.Sum(bin => bin.PixelCount);
        }
    }

    /// <summary>Counts the pixels of one image.</summary>
    /// <param name="prediction">Predicted class of each pixel.</param>
    /// <param name="probabilities">Probability of the predicted class, 0 … 1, row-major.</param>
    /// <param name="truth">True classes, of the same size; <see cref="LabelMap.Void"/> pixels are ignored.</param>
    /// <exception cref="ArgumentException">The sizes differ, or a probability is not in 0 … 1; nothing is counted then.</exception>
    public void Add(LabelMap prediction, ReadOnlySpan<float> probabilities, LabelMap truth)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(truth);
        if ((prediction.Width, prediction.Height) != (truth.Width, truth.Height))
            throw new ArgumentException($"The prediction has {prediction.Width}×{prediction.Height} pixels, the truth {truth.Width}×{truth.Height}.", nameof(prediction));
        if (probabilities.Length != truth.Pixels.Length)
            throw new ArgumentException($"There are {probabilities.Length} probabilities for {truth.Pixels.Length} pixels.", nameof(probabilities));
        foreach (var probability in probabilities)
        {
            // Softmax may round to slightly above 1.
            if (probability is not (>= 0 and <= 1.0001f))
                throw new ArgumentException(FormattableString.Invariant($"A probability is {probability}; expected 0 to 1."), nameof(probabilities));
        }

        for (var i = 0; i < probabilities.Length; i++)
        {
            if (truth.Pixels[i] == LabelMap.Void)
                continue;
            var bin = Math.Min((int)(probabilities[i] * counts.Length), counts.Length - 1);
            counts[bin]++;
            sums[bin] += probabilities[i];
            if (prediction.Pixels[i] == truth.Pixels[i])
                right[bin]++;
        }
    }
}

/// <summary>One bin of a <see cref="ReliabilityDiagram"/>.</summary>
public sealed record ReliabilityBin
{
    /// <summary>Lower edge of the bin.</summary>
    public required double Low { get; init; }

    /// <summary>Upper edge of the bin; only the last bin includes its upper edge, 1.</summary>
    public required double High { get; init; }

    /// <summary>Number of pixels, at least 1.</summary>
    public required long PixelCount { get; init; }

    /// <summary>Mean probability of the predicted class.</summary>
    public required double MeanProbability { get; init; }

    /// <summary>Fraction of the pixels that were predicted correctly.</summary>
    public required double Accuracy { get; init; }
}
