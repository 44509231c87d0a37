namespace DeconvNet.Segmentation;

/// <summary>Combines score maps of one photo, pixel by pixel.</summary>
internal static class ScoreEnsemble
{
    /// <summary>Combines maps of equal class count; smaller ones are resized bilinearly to the size of the largest.</summary>
    public static ScoreMap Combine(IReadOnlyList<ScoreMap> maps, EnsembleOptions options)
    {
        var largest = maps.MaxBy(map => (long)map.Width * map.Height)!;
        var product = options.Rule == EnsembleRule.ProductOfScores;
        var combined = new float[largest.Values.Length];
        var total = options.Weights?.Sum() ?? maps.Count;
        for (var i = 0; i < maps.Count; i++)
        {
            var weight = options.Weights?[i] ?? 1;
            var map = product ? maps[i] : maps[i].ToProbabilities();
            var values = map.ResizedTo(largest.Width, largest.Height).Values;
            if (product)
                Multiply(combined, values, (float)weight, first: i == 0);
            else
                AddWeighted(combined, values, (float)(weight / total));
        }

        return new ScoreMap(product ? ScoreKind.Logits : ScoreKind.Probabilities, largest.Classes, largest.Width, largest.Height, combined);
    }

    private static void AddWeighted(Span<float> sum, ReadOnlySpan<float> values, float weight)
    {
        for (var i = 0; i < sum.Length; i++)
            sum[i] += weight * values[i];
    }

    private static void Multiply(Span<float> product, ReadOnlySpan<float> values, float exponent, bool first)
    {
        for (var i = 0; i < product.Length; i++)
        {
            var positive = Math.Max(0, values[i]);
            var factor = exponent == 1 ? positive : MathF.Pow(positive, exponent);
            product[i] = first ? factor : product[i] * factor;
        }
    }
}
