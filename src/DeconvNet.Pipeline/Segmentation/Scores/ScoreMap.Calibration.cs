using System.Numerics.Tensors;
using DeconvNet.Imaging;

namespace DeconvNet.Segmentation.Scores;

public sealed partial class ScoreMap
{
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

        var sure = ToProbabilities();
        var winners = sure.BestClasses(Width, Height).Pixels;
        var regions = new ConnectedRegions(winners, Width);
        float[]? result = null;
        var probabilities = new float[winners.Length];
        for (var r = 0; r < regions.Count; r++)
        {
            var region = regions[r];
            for (var i = 0; i < region.Length; i++)
                probabilities[i] = sure.values[(winners[region[i]] * winners.Length) + region[i]];
            if (UpperQuartile(probabilities.AsSpan(0, region.Length)) >= confidence)
                continue;

            result ??= values.AsSpan().ToArray();
            var plane = winners[region[0]] * winners.Length;
            foreach (var i in region)
                (result[i], result[plane + i]) = (result[plane + i], result[i]);
        }

        return result is null ? this : new ScoreMap(Kind, ClassCount, Width, Height, result);
    }

    /// <summary>The upper quartile, interpolated linearly. Sorts the span.</summary>
    private static float UpperQuartile(Span<float> values)
    {
        values.Sort();
        var at = 0.75f * (values.Length - 1);
        var low = (int)at;
        return values[low] + ((values[Math.Min(low + 1, values.Length - 1)] - values[low]) * (at - low));
    }
}
