using System.Numerics.Tensors;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Segmentation;

/// <summary>Combines score maps of the same photo, pixel by pixel.</summary>
internal static class ScoreEnsemble
{
    /// <summary>Combines maps of equal class count; smaller maps are resized bilinearly to the largest size.</summary>
    public static ScoreMap Combine(IReadOnlyList<ScoreMap> maps, EnsembleOptions options)
    {
        var largest = maps.MaxBy(map => (long)map.Width * map.Height)!;
        var product = options.Rule == EnsembleRule.ProductOfScores;
        var combined = new float[largest.Values.Length];
        combined.AsSpan().Fill(product ? 1 : 0);
        var total = options.Weights?.Sum() ?? maps.Count;
        for (var i = 0; i < maps.Count; i++)
        {
            var weight = options.Weights?[i] ?? 1;
            var map = product ? maps[i] : maps[i].ToProbabilities();
            var values = map.ResizedTo(largest.Width, largest.Height).Values;
            if (product)
                Multiply(combined, values, (float)weight);
            else
                TensorPrimitives.MultiplyAdd(values, (float)(weight / total), combined, combined);
        }

        return new ScoreMap(product ? ScoreKind.Logits : ScoreKind.Probabilities, largest.ClassCount, largest.Width, largest.Height, combined);
    }

    private static void Multiply(Span<float> product, ReadOnlySpan<float> values, float exponent)
    {
        var factors = new float[values.Length];
        TensorPrimitives.Max(values, 0f, factors);
        if (exponent != 1)
            TensorPrimitives.Pow(factors, exponent, factors);
        TensorPrimitives.Multiply(product, factors, product);
    }
}
