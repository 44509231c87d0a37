using DeconvNet.Proposals.Search;

namespace DeconvNet.Proposals.Ranking;

/// <summary>Parameters of <see cref="RankedEdgeBoxes"/>. Immutable.</summary>
public sealed record RankedEdgeBoxesOptions
{
    // Sums of gray levels over 2048² pixels still fit in 32 bits.
    private const int MaxSide = 2048;

    /// <summary>The defaults, tuned on held-out training images of VOC.</summary>
    public static RankedEdgeBoxesOptions Default { get; } = new();

    /// <summary>
    /// Parameters of the candidate search. Default: the published ones, but with up to 1500 boxes that may overlap by 0.85, down to a score of 0.005.
    /// A ranker works best on the kind of candidates that it was trained on. <see cref="EdgeBoxesOptions.MaxSide"/> must be at most 2048.
    /// </summary>
    public EdgeBoxesOptions Candidates { get; init; } = new() { Beta = 0.85f, MaxBoxes = 1500, MinScore = 0.005f };

    /// <summary>Lower soft-NMS threshold: up to this overlap (IoU) with a box selected before, a candidate keeps its full score; 0 … 1, below <see cref="FullOverlap"/>. Default 0.45.</summary>
    public float FreeOverlap { get; init; } = 0.45f;

    /// <summary>
    /// Upper soft-NMS threshold: from this overlap on, a candidate keeps 1 % of its score; above <see cref="FreeOverlap"/>, at most 1. Default 0.75.
    /// A lower threshold spreads the first boxes over more objects; a higher one lets them fit more tightly.
    /// </summary>
    public float FullOverlap { get; init; } = 0.75f;

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Candidates);
        Candidates.Validate();
        OptionValue.Require(Candidates.MaxSide <= MaxSide, this, Candidates.MaxSide, FormattableString.Invariant($"at most {MaxSide}, above which sums over the image do not fit in 32 bits"));
        OptionValue.Require(FreeOverlap is >= 0 and < 1, this, FreeOverlap, "0 or more, below 1");
        OptionValue.Require(FullOverlap > FreeOverlap && FullOverlap <= 1, this, FullOverlap, "above FreeOverlap, at most 1");
    }
}
