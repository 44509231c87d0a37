namespace DeconvNet.Segmentation;

/// <summary>How an <see cref="EnsembleSegmenter"/> combines the score maps of its members.</summary>
public enum EnsembleRule
{
    /// <summary>Softmax of each member, then the weighted mean of the probabilities (the paper, section 4.2).</summary>
    MeanOfProbabilities,

    /// <summary>
    /// The product of the raw scores, negative ones counted as 0 (the authors' script); a weight is an exponent.
    /// The result is a raw score: its softmax gives the probabilities.
    /// </summary>
    ProductOfScores,
}
