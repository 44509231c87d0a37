namespace DeconvNet.Segmentation;

/// <summary>How the scores of the proposals that cover a pixel become one score.</summary>
public enum ScoreMerge
{
    /// <summary>The largest score of each class (paper, released code).</summary>
    Max,

    /// <summary>The sum (the paper's alternative).</summary>
    Sum,

    /// <summary>The sum divided by the number of proposals that cover the pixel.</summary>
    Mean,
}

/// <summary>Whether a proposal contributes a score of 0 where it does not reach. It matters only to <see cref="ScoreMerge.Max"/> of logits.</summary>
public enum ScoreFloor
{
    /// <summary>No: only the proposals that cover a pixel count there, and negative scores survive.</summary>
    None,

    /// <summary>Yes: each proposal's map is 0 outside its crop, so negative scores are clipped wherever some proposal does not reach (the paper).</summary>
    OutsideCrops,

    /// <summary>The maximum starts from 0, so negative scores are clipped everywhere (the released code).</summary>
    Everywhere,
}
