using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;

namespace EvaluateVoc;

/// <summary>Converts the command line to segmentation options.</summary>
internal static class Recipe
{
    public static ProposalSegmenterOptions Of(string name, int? maxProposals, ScoreMerge? merge, ScoreKind? scores, int? minimumSide)
    {
        var options = name switch
        {
            "fast" => ProposalSegmenterOptions.Fast,
            "paper" => ProposalSegmenterOptions.Paper,
            "released" => ProposalSegmenterOptions.ReleasedCode,
            _ => ProposalSegmenterOptions.Default,
        };
        return options with
        {
            MaxProposals = maxProposals ?? options.MaxProposals,
            Merge = merge ?? options.Merge,
            Scores = scores ?? options.Scores,
            MinSide = minimumSide ?? options.MinSide,
        };
    }
}
