namespace DeconvNet.Proposals.Ranking;

/// <summary>How far <see cref="ProposalRanker.Train"/> is.</summary>
/// <param name="Images">Images searched.</param>
/// <param name="Trees">Trees grown.</param>
/// <param name="Error">Mean square of what the trees leave over on the training examples; NaN before the first tree.</param>
public readonly record struct RankerTrainingProgress(int Images, int Trees, double Error);
