using DeconvNet.Proposals.Search;

namespace DeconvNet.Proposals.Ranking;

/// <summary>Parameters of <see cref="ProposalRanker.Train"/>. Immutable.</summary>
public sealed record RankerTrainingOptions
{
    /// <summary>How candidates are searched; as for the generator that will use the ranker.</summary>
    public EdgeBoxesOptions Candidates { get; init; } = RankedEdgeBoxesOptions.Default.Candidates;

    /// <summary>Number of trees, 1 … 10000. Default 150.</summary>
    public int Trees { get; init; } = 150;

    /// <summary>Most leaves a tree, 2 … 256. Default 32.</summary>
    public int Leaves { get; init; } = 32;

    /// <summary>Factor on each tree, above 0 … 1. Default 0.1.</summary>
    public float LearningRate { get; init; } = 0.1f;

    /// <summary>Fewest examples a leaf, at least 1. Default 50.</summary>
    public int LeastExamples { get; init; } = 50;

    /// <summary>Added to the number of examples of a leaf where its value is computed, 0 or more: holds back small leaves. Default 1.</summary>
    public float Regularization { get; init; } = 1;

    /// <summary>Seed of the drawing of candidates.</summary>
    public int Seed { get; init; } = 1;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Candidates);
        Candidates.Validate();
        OptionValue.Require(Trees is >= 1 and <= 10_000, this, Trees, "1 to 10000");
        OptionValue.Require(Leaves is >= 2 and <= 256, this, Leaves, "2 to 256");
        OptionValue.Require(LearningRate is > 0 and <= 1, this, LearningRate, "above 0, at most 1");
        OptionValue.Require(LeastExamples >= 1, this, LeastExamples, "at least 1");
        OptionValue.Require(Regularization >= 0 && float.IsFinite(Regularization), this, Regularization, "0 or more");
    }
}
