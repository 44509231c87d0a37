namespace DeconvNet.Segmentation;

/// <summary>What a map of scores holds.</summary>
public enum ScoreKind
{
    /// <summary>What the network puts out, without softmax; any sign.</summary>
    Raw,

    /// <summary>Softmax over the classes, taken for each crop before merging; 0 … 1.</summary>
    Probabilities,
}
