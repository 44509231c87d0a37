using System.Numerics.Tensors;
using DeconvNet.Imaging;

namespace DeconvNet.Segmentation.Scores;

public sealed partial class ScoreMap
{
    // A strip of all classes fits the cache.
    private const int Strip = 1024;

    /// <summary>
    /// The map with softer (temperature above 1) or sharper (below 1) probabilities: logits are divided by the temperature; probabilities p become p^(1/temperature),
    /// renormalized. The best class of each pixel stays the same. Returns this map if the temperature is 1.
    /// </summary>
    /// <param name="temperature">0.01 … 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is out of range.</exception>
    public ScoreMap AtTemperature(double temperature)
    {
        if (temperature is not (>= 0.01 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature is 0.01 to 100.");
        if (temperature == 1)
            return this;

        if (Kind == ScoreKind.Logits)
        {
            var divided = new float[values.Length];
            TensorPrimitives.Divide(values, (float)temperature, divided);
            return new ScoreMap(Kind, ClassCount, Width, Height, divided);
        }

        // The largest probability of a pixel may be as low as 1/255, and its power tiny; logarithms keep precision.
        var logarithms = ToProbabilities().values;
        TensorPrimitives.Log(logarithms, logarithms);
        TensorPrimitives.Divide(logarithms, (float)temperature, logarithms);
        return new ScoreMap(ScoreKind.Logits, ClassCount, Width, Height, logarithms).ToProbabilities();
    }

    /// <summary>
    /// The map in which uncertain regions are background: if the upper quartile of the best class's probability over a connected region is below
    /// <paramref name="confidence"/>, the scores of that class and of background are swapped. The result is still a score map, which a CRF can refine and which can be
    /// resized. Returns this map if nothing changes.
    /// </summary>
    internal ScoreMap WithMinRegionConfidence(double confidence)
    {
        if (confidence <= 0)
            return this;

        var (labels, unsure) = FindRegions(confidence);
        if (unsure.Count == 0)
            return this;

        var result = values.AsSpan().ToArray();
        foreach (var (label, pixels) in unsure)
        {
            var plane = label * labels.Length;
            foreach (var i in pixels)
                (result[i], result[plane + i]) = (result[plane + i], result[i]);
        }

        return new ScoreMap(Kind, ClassCount, Width, Height, result);
    }

    /// <summary>The best class of each pixel, background in regions below the threshold, and these regions with their original class.</summary>
    private (byte[] Labels, List<(byte Label, int[] Pixels)> Unsure) FindRegions(double confidence)
    {
        var labels = BestClasses();
        using var regions = new ConnectedRegions(labels, Width);
        using var probabilities = BestProbabilities(labels);
        var unsure = new List<(byte Label, int[] Pixels)>();
        for (var r = 0; r < regions.Count; r++)
        {
            if (HasUpperQuartile(probabilities.Array, regions[r], confidence))
                continue;

            unsure.Add((labels[regions[r][0]], regions[r].ToArray()));
            foreach (var i in regions[r])
                labels[i] = 0;
        }

        return (labels, unsure);
    }

    /// <summary>The probability of each pixel's best class, as in <see cref="ToProbabilities"/>; undefined in strips of background only.</summary>
    private ScratchArray<float> BestProbabilities(byte[] labels)
    {
        var probabilities = new ScratchArray<float>(labels.Length);
        Parallel.For(0, (labels.Length + Strip - 1) / Strip, () => new float[2 * Strip], (strip, _, buffer) =>
        {
            var start = strip * Strip;
            var length = Math.Min(Strip, labels.Length - start);
            if (!labels.AsSpan(start, length).ContainsAnyExcept((byte)0))
                return buffer;

            var best = probabilities.Span.Slice(start, length);
            var terms = buffer.AsSpan(0, length);
            var sum = buffer.AsSpan(Strip, length);
            for (var i = 0; i < length; i++)
                best[i] = values[(labels[start + i] * labels.Length) + start + i];
            sum.Clear();
            for (var c = 0; c < ClassCount; c++)
            {
                var scores = Plane(c).Slice(start, length);
                if (Kind == ScoreKind.Logits)
                {
                    TensorPrimitives.Subtract(scores, best, terms);
                    TensorPrimitives.Exp(terms, terms);
                    scores = terms;
                }

                TensorPrimitives.Add(sum, scores, sum);
            }

            // The exponent of the best logit is 0.
            if (Kind == ScoreKind.Logits)
                TensorPrimitives.Divide(1, sum, best);
            else
                TensorPrimitives.Divide(best, sum, best);
            return buffer;
        }, _ => { });
        return probabilities;
    }

    /// <summary>Whether the upper quartile of some values, interpolated linearly, reaches a threshold; only the two values around it matter, so nothing is sorted.</summary>
    private static bool HasUpperQuartile(float[] values, ReadOnlySpan<int> chosen, double threshold)
    {
        var at = 0.75f * (chosen.Length - 1);
        var low = (int)at;
        var (below, under, over) = (0, float.NegativeInfinity, float.PositiveInfinity);
        foreach (var i in chosen)
        {
            if (values[i] >= threshold)
                over = values[i] < over ? values[i] : over;
            else
                (below, under) = (below + 1, values[i] > under ? values[i] : under);
        }

        // In ascending order, the values at low and low + 1 are on either side of the threshold only here.
        return below == low + 1 && below < chosen.Length
            ? under + ((over - under) * (at - low)) >= threshold
            : below <= low;
    }
}
