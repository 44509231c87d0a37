namespace DeconvNet.Proposals.Search;

/// <summary>
/// Parameters of <see cref="EdgeBoxes"/>; the defaults are the published ones (Zitnick and Dollár, ECCV 2014).
/// Lengths and areas are in pixels of the image after <see cref="MaxSide"/> is applied.
/// </summary>
public sealed record EdgeBoxesOptions
{
    /// <summary>Overlap (IoU) of neighboring windows of the search grid, 0.1 … 0.95; higher is finer and slower. Default 0.65.</summary>
    public float Alpha { get; init; } = 0.65f;

    /// <summary>NMS threshold: overlap (IoU) above which the weaker of two boxes is dropped, above 0, at most 1. Above 0.99, none is dropped (<see cref="MaxBoxes"/> still applies, unlike in OpenCV). Default 0.75.</summary>
    public float Beta { get; init; } = 0.75f;

    /// <summary>
    /// Factor by which the NMS threshold is multiplied after each kept box while it is above 0.5; above 0, at most 1. Default 1, which keeps it at <see cref="Beta"/>.
    /// Hosang et al. (PAMI 2016) use 0.9996 with <see cref="Beta"/> 0.9.
    /// </summary>
    public float Eta { get; init; } = 1;

    /// <summary>Boxes with a lower score are dropped, 0 or more. Default 0.01.</summary>
    public float MinScore { get; init; } = 0.01f;

    /// <summary>Maximum number of boxes returned, at least 1. Default 10000.</summary>
    public int MaxBoxes { get; init; } = 10000;

    /// <summary>Edges up to this strength are ignored; 0 or more. Default 0.1.</summary>
    public float EdgeMinMagnitude { get; init; } = 0.1f;

    /// <summary>Total change of direction, in half turns, at which an edge group ends; above 0. Default 0.5.</summary>
    public float EdgeMergeThreshold { get; init; } = 0.5f;

    /// <summary>Groups whose total strength is at most this are merged into their neighbors; 0 or more. Default 0.5.</summary>
    public float ClusterMinMagnitude { get; init; } = 0.5f;

    /// <summary>Maximum aspect ratio of a searched window, 1 … 100. Default 3.</summary>
    public float MaxAspectRatio { get; init; } = 3;

    /// <summary>Minimum area of a searched window in pixels, at least 1. Default 1000.</summary>
    public float MinBoxArea { get; init; } = 1000;

    /// <summary>Sensitivity of the affinity between groups to their orientation, 0 or more. Default 2.</summary>
    public float Gamma { get; init; } = 2;

    /// <summary>Exponent of the box size by which scores are normalized, 0 or more. Default 1.5.</summary>
    public float Kappa { get; init; } = 1.5f;

    /// <summary>
    /// Larger images are shrunk to this longest side before edges are detected, which bounds time and memory; boxes are scaled back.
    /// 16 … 16384. Default 500, the longest side of the photos on which the published parameters were tuned.
    /// </summary>
    public int MaxSide { get; init; } = 500;

    /// <summary>Maximum number of threads, at least 1; <see langword="null"/> (the default) means one per processor. The boxes do not depend on it.</summary>
    public int? MaxDegreeOfParallelism { get; init; }

    /// <summary>The value for <see cref="ParallelOptions"/>, where −1 means one per processor.</summary>
    internal int Threads => MaxDegreeOfParallelism ?? -1;

    /// <summary>The options as text, without the number of threads; independent of machine and culture.</summary>
    public override string ToString() => OptionText.Of(this, (this with { MaxDegreeOfParallelism = null }).PrintMembers);

    internal void Validate()
    {
        OptionValue.Require(Alpha is >= 0.1f and <= 0.95f, this, Alpha, "0.1 to 0.95");
        OptionValue.Require(Beta is > 0 and <= 1, this, Beta, "above 0, at most 1");
        OptionValue.Require(Eta is > 0 and <= 1, this, Eta, "above 0, at most 1");
        OptionValue.Require(IsAtLeastZero(MinScore), this, MinScore, "0 or more");
        OptionValue.Require(MaxBoxes >= 1, this, MaxBoxes, "at least 1");
        OptionValue.Require(IsAtLeastZero(EdgeMinMagnitude), this, EdgeMinMagnitude, "0 or more");
        OptionValue.Require(EdgeMergeThreshold > 0 && float.IsFinite(EdgeMergeThreshold), this, EdgeMergeThreshold, "above 0");
        OptionValue.Require(IsAtLeastZero(ClusterMinMagnitude), this, ClusterMinMagnitude, "0 or more");
        OptionValue.Require(MaxAspectRatio is >= 1 and <= 100, this, MaxAspectRatio, "1 to 100");
        OptionValue.Require(MinBoxArea >= 1 && float.IsFinite(MinBoxArea), this, MinBoxArea, "at least 1");
        OptionValue.Require(IsAtLeastZero(Gamma), this, Gamma, "0 or more");
        OptionValue.Require(IsAtLeastZero(Kappa), this, Kappa, "0 or more");
        OptionValue.Require(MaxSide is >= 16 and <= 16384, this, MaxSide, "16 to 16384");
        OptionValue.Require(MaxDegreeOfParallelism is null or >= 1, this, MaxDegreeOfParallelism, "at least 1");
    }

    private static bool IsAtLeastZero(float value) => value >= 0 && float.IsFinite(value);
}
