namespace DeconvNet.Segmentation;

/// <summary>How the scores of the proposals that cover a pixel become one.</summary>
public enum ScoreMerge
{
    /// <summary>The largest score of each class (paper, equation 1; the released code).</summary>
    Max,

    /// <summary>The sum (paper, equation 2).</summary>
    Sum,

    /// <summary>The sum divided by the number of proposals that cover the pixel.</summary>
    Mean,
}
