namespace DeconvNet.Segmentation;

/// <summary>How the scores of the proposals that cover a pixel become one.</summary>
public enum ScoreMerge
{
    /// <summary>The largest score of each class (paper, released code).</summary>
    Max,

    /// <summary>The sum (the alternative of the paper).</summary>
    Sum,

    /// <summary>The sum divided by the number of proposals that cover the pixel.</summary>
    Mean,
}
