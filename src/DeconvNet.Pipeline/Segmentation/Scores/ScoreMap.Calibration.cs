using System.Numerics.Tensors;

namespace DeconvNet.Segmentation.Scores;

public sealed partial class ScoreMap
{
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
    /// The map in which every pixel whose best class is less probable than <paramref name="probability"/> has the scores of that class and of the background
    /// exchanged, so that background wins there. It stays a map of scores, which a CRF can take and which can be resized. This map itself where nothing is to be done.
    /// </summary>
    internal ScoreMap WithBackgroundBelow(double probability)
    {
        if (probability <= 0)
            return this;

        var probabilities = ToProbabilities();
        var best = probabilities.Plane(0).ToArray();
        var winners = new byte[best.Length];
        for (var c = 1; c < ClassCount; c++)
        {
            var plane = probabilities.Plane(c);
            for (var i = 0; i < plane.Length; i++)
            {
                if (plane[i] > best[i])
                    (best[i], winners[i]) = (plane[i], (byte)c);
            }
        }

        var result = values.AsSpan().ToArray();
        for (var i = 0; i < best.Length; i++)
        {
            if (best[i] < probability && winners[i] is var winner and not 0)
                (result[i], result[(winner * best.Length) + i]) = (result[(winner * best.Length) + i], result[i]);
        }

        return new ScoreMap(Kind, ClassCount, Width, Height, result);
    }
}
