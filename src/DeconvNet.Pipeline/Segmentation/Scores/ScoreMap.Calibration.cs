using System.Numerics.Tensors;
using DeconvNet.Imaging;

namespace DeconvNet.Segmentation.Scores;

public sealed partial class ScoreMap
{
    // A strip of all classes stays in the cache.
    private const int Strip = 1024;

    /// <summary>
    /// The map with softer (above 1) or sharper (below 1) probabilities: logits are divided by the temperature; probabilities p become p^(1/temperature), made to
    /// sum to 1. The best class of each pixel stays the same. This map itself where the temperature is 1.
    /// </summary>
    /// <param name="temperature">0.01 … 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is out of its range.</exception>
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

        // The largest probability of a pixel is 1/255 or more, so its power may be tiny: logarithms keep it exact.
        var logarithms = ToProbabilities().values;
        TensorPrimitives.Log(logarithms, logarithms);
        TensorPrimitives.Divide(logarithms, (float)temperature, logarithms);
        return new ScoreMap(ScoreKind.Logits, ClassCount, Width, Height, logarithms).ToProbabilities();
    }

    /// <summary>
    /// The map in which unsure regions are background: where the upper quartile of the best class's probability over a connected region is below
    /// <paramref name="confidence"/>, the scores of that class and of the background are exchanged. It stays a map of scores, which a CRF can take and which can be
    /// resized. This map itself where nothing is to be done.
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

    /// <summary>The best class of each pixel, background where a region is unsure, and these regions with the class that they had.</summary>
    private (byte[] Labels, List<(byte Label, int[] Pixels)> Unsure) FindRegions(double confidence)
    {
        var labels = BestClasses();
        var found = labels.AsSpan().ToArray();
        var regions = new ConnectedRegions(found, Width);
        var probabilities = BestProbabilities(found);
        var unsure = new List<(byte Label, int[] Pixels)>();
        var sorted = new float[labels.Length];
        for (var r = 0; r < regions.Count; r++)
        {
            var region = regions[r];
            for (var i = 0; i < region.Length; i++)
                sorted[i] = probabilities[region[i]];
            if (UpperQuartile(sorted.AsSpan(0, region.Length)) >= confidence)
                continue;

            unsure.Add((found[region[0]], region.ToArray()));
            foreach (var i in region)
                labels[i] = 0;
        }

        return (labels, unsure);
    }

    /// <summary>The probability of each pixel's best class, as <see cref="ToProbabilities"/> has it; 0 along strips of background.</summary>
    private float[] BestProbabilities(byte[] labels)
    {
        var probabilities = new float[labels.Length];
        Parallel.For(0, (labels.Length + Strip - 1) / Strip, () => new float[2 * Strip], (strip, _, buffer) =>
        {
            var start = strip * Strip;
            var length = Math.Min(Strip, labels.Length - start);
            if (!labels.AsSpan(start, length).ContainsAnyExcept((byte)0))
                return buffer;

            var best = probabilities.AsSpan(start, length);
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

    /// <summary>The value that three quarters of the sorted values do not exceed, interpolated linearly. Sorts the span.</summary>
    private static float UpperQuartile(Span<float> values)
    {
        values.Sort();
        var at = 0.75f * (values.Length - 1);
        var low = (int)at;
        return values[low] + ((values[Math.Min(low + 1, values.Length - 1)] - values[low]) * (at - low));
    }
}
