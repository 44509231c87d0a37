namespace DeconvNet.Segmentation;

/// <summary>What a map of scores holds.</summary>
public enum ScoreKind
{
    /// <summary>Logits: what the network puts out, without softmax; any sign.</summary>
    Logits,

    /// <summary>Softmax over the classes, taken for each crop before merging; 0 … 1.</summary>
    Probabilities,
}
