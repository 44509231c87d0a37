using DeconvNet.Proposals;
using DeconvNet.Proposals.Ranking;
using DeconvNet.Proposals.Search;

namespace EvaluateProposals;

/// <summary>The generators that are compared, by their names in the table.</summary>
internal static class Generators
{
    public static IReadOnlyList<(string Name, IProposalGenerator Generator)> All(ProposalRanker ranker) =>
    [
        ("ranked Edge Boxes (default)", new RankedEdgeBoxes(ranker)),
        ("ranked, suppression at 0.5", new RankedEdgeBoxes(ranker, new RankedEdgeBoxesOptions { FreeOverlap = 0.5f, FullOverlap = 0.51f })),
        ("Edge Boxes, gradient edges", new EdgeBoxes()),
        ("Edge Boxes, suppression at 0.5", new EdgeBoxes(new EdgeBoxesOptions { Beta = 0.5f })),
        ("sliding windows", new SlidingWindows()),
        ("random windows", new RandomWindows()),
    ];
}
