namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>What a graph computes with 8 bits.</summary>
/// <param name="Largest">For each layer with ReLU, the largest value of its output that is told from larger ones.</param>
/// <param name="FloatLayers">Layers that stay as they are.</param>
/// <param name="WeightLimit">The largest whole number that a value of a kernel becomes.</param>
/// <param name="FullyConnectedLimit">The same for fully connected layers.</param>
internal sealed record Int8Plan(IReadOnlyDictionary<string, float> Largest, IReadOnlySet<string> FloatLayers, int WeightLimit, int FullyConnectedLimit)
{
    /// <summary>Whether the layer multiplies in whole numbers; layers of scores never do.</summary>
    public bool Rounds(string layer) => Largest.ContainsKey(layer) && !FloatLayers.Contains(layer);

    /// <summary>The largest whole number that a value of the layer's kernel becomes.</summary>
    public int LimitOf(string layer) => layer.Contains("fc", StringComparison.Ordinal) ? FullyConnectedLimit : WeightLimit;

    /// <exception cref="ArgumentException">The plan was made for another network.</exception>
    public float LargestOf(string layer) => Largest.TryGetValue(layer, out var largest)
        ? largest
        : throw new ArgumentException($"The histograms know no layer '{layer}': they are those of another network.");
}
