using DeconvNet.Proposals.Search;

namespace DeconvNet.Proposals.Ranking;

/// <summary>Parameters of <see cref="ProposalRanker.Train"/>. Immutable.</summary>
public sealed record RankerTrainingOptions
{
    /// <summary>Parameters of the candidate search; use the same as for the generator that will use the ranker.</summary>
    public EdgeBoxesOptions Candidates { get; init; } = RankedEdgeBoxesOptions.Default.Candidates;

    /// <summary>Number of trees, 1 … 10000. Default 150.</summary>
    public int TreeCount { get; init; } = 150;

    /// <summary>Maximum number of leaves of a tree, 2 … 256. Default 32.</summary>
    public int MaxLeaves { get; init; } = 32;

    /// <summary>Learning rate (shrinkage) of each tree, above 0, at most 1. Default 0.1.</summary>
    public float LearningRate { get; init; } = 0.1f;

    /// <summary>Minimum number of examples in a leaf, at least 1. Default 50.</summary>
    public int MinSamplesLeaf { get; init; } = 50;

    /// <summary>L2 regularization of leaf values, 0 or more: added to the number of examples by which a leaf's sum is divided. Default 1.</summary>
    public float L2 { get; init; } = 1;

    /// <summary>Seed of the random sampling of candidates.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Candidates);
        Candidates.Validate();
        OptionValue.Require(TreeCount is >= 1 and <= 10_000, this, TreeCount, "1 to 10000");
        OptionValue.Require(MaxLeaves is >= 2 and <= 256, this, MaxLeaves, "2 to 256");
        OptionValue.Require(LearningRate is > 0 and <= 1, this, LearningRate, "above 0, at most 1");
        OptionValue.Require(MinSamplesLeaf >= 1, this, MinSamplesLeaf, "at least 1");
        OptionValue.Require(L2 >= 0 && float.IsFinite(L2), this, L2, "0 or more");
    }
}
