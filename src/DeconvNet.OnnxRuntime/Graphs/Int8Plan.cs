namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>Which layers of a graph are quantized, and how.</summary>
/// <param name="Largest">Quantization range of each layer with ReLU.</param>
/// <param name="FloatLayers">Layers that are not quantized.</param>
/// <param name="WeightLimit">Largest magnitude of a quantized weight.</param>
/// <param name="FullyConnectedLimit">Largest magnitude of a quantized weight of fully connected layers.</param>
internal sealed record Int8Plan(IReadOnlyDictionary<string, float> Largest, IReadOnlySet<string> FloatLayers, int WeightLimit, int FullyConnectedLimit)
{
    /// <summary>Whether a layer is quantized; score layers never are.</summary>
    public bool Rounds(string layer) => Largest.ContainsKey(layer) && !FloatLayers.Contains(layer);

    /// <summary>Largest magnitude of a quantized weight of a layer.</summary>
    public int LimitOf(string layer) => layer.Contains("fc", StringComparison.Ordinal) ? FullyConnectedLimit : WeightLimit;

    /// <exception cref="ArgumentException">The plan is for a different network.</exception>
    public float LargestOf(string layer) => Largest.TryGetValue(layer, out var largest)
        ? largest
        : throw new ArgumentException($"The histograms know no layer '{layer}': they are those of another network.");
}
