namespace DeconvNet.Proposals.Ranking;

/// <summary>Progress of <see cref="ProposalRanker.Train"/>, in trees. All images are searched before the first tree is grown.</summary>
/// <param name="Done">Trees grown.</param>
/// <param name="Total">Total number of trees.</param>
public sealed record RankerTrainingProgress(int Done, int Total) : WorkProgress(Done, Total)
{
    /// <summary>Images searched; 0 once trees are grown.</summary>
    public int ImageCount { get; init; }

    /// <summary>Mean squared error on the training examples; NaN before the first tree.</summary>
    public double Error { get; init; } = double.NaN;
}
