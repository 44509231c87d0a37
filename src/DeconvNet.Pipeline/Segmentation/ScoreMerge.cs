namespace DeconvNet.Segmentation;

/// <summary>How the scores of all proposals that cover a pixel are merged.</summary>
public enum ScoreMerge
{
    /// <summary>The maximum score of each class (paper, released code).</summary>
    Max,

    /// <summary>The sum (the paper's alternative).</summary>
    Sum,

    /// <summary>The sum divided by the number of proposals that cover the pixel.</summary>
    Mean,
}

/// <summary>Whether proposals contribute a score of 0 to pixels that they do not cover. Relevant only for <see cref="ScoreMerge.Max"/> of logits.</summary>
public enum ScoreFloor
{
    /// <summary>No: only proposals that cover a pixel count, and negative scores are kept.</summary>
    None,

    /// <summary>Yes: the map of each proposal is 0 outside its crop, so negative scores are clipped wherever some proposal does not cover the pixel (the paper).</summary>
    OutsideCrops,

    /// <summary>Everywhere: the maximum starts from 0, so all negative scores are clipped (the released code).</summary>
    Everywhere,
}
