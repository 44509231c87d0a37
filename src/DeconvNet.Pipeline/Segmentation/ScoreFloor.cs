namespace DeconvNet.Segmentation;

/// <summary>Whether a proposal has a say, with a score of 0, where it does not reach. Matters to <see cref="ScoreMerge.Max"/> of raw scores only.</summary>
public enum ScoreFloor
{
    /// <summary>No: only the proposals that cover a pixel count there, and negative scores survive.</summary>
    None,

    /// <summary>Yes: each proposal's map is 0 outside its crop, so negative scores are cut wherever some proposal does not reach (the paper).</summary>
    OutsideCrops,

    /// <summary>The maximum starts from 0, so negative scores are cut everywhere (the released code).</summary>
    Everywhere,
}
