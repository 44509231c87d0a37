using DeconvNet.Imaging;
using DeconvNet.Proposals.Search;

namespace DeconvNet.Proposals.Ranking;

/// <summary>
/// Edge Boxes in a learned order: many candidates from <see cref="EdgeBoxes"/>, scored by a <see cref="ProposalRanker"/> and selected so that each
/// covers something new. The default of this library; the published method is <see cref="EdgeBoxes"/> alone.
/// </summary>
/// <remarks>
/// Thread-safe and reusable: results are bit-identical for any number of threads. Scores are 0 … 1: the ranker's score,
/// reduced by the overlap with previous boxes (soft-NMS).
/// </remarks>
public sealed class RankedEdgeBoxes : IProposalGenerator
{
    /// <summary>Creates a generator.</summary>
    /// <param name="ranker">Scores the candidates; <see cref="ProposalRanker.Default"/> if null.</param>
    /// <param name="options">Parameters; <see cref="RankedEdgeBoxesOptions.Default"/> if null.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public RankedEdgeBoxes(ProposalRanker? ranker = null, RankedEdgeBoxesOptions? options = null)
    {
        Ranker = ranker ?? ProposalRanker.Default;
        Options = options ?? RankedEdgeBoxesOptions.Default;
        Options.Validate();
    }

    /// <summary>The ranker that scores the candidates.</summary>
    public ProposalRanker Ranker { get; }

    /// <summary>The parameters.</summary>
    public RankedEdgeBoxesOptions Options { get; }

    /// <summary>Everything that determines the proposals, as text.</summary>
    public override string ToString() => $"RankedEdgeBoxes {{ {Options}, {Ranker} }}";

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is below 1.</exception>
    public IReadOnlyList<Proposal> Generate(RgbImage image, int maxCount, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        cancellationToken.ThrowIfCancellationRequested();

        var small = image.ShrinkTo(Options.Candidates.MaxSide);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = Options.Candidates.Threads, CancellationToken = cancellationToken };
        using var candidates = RankingCandidates.Find(small, Options.Candidates, limits);
        var scores = Ranker.Score(candidates, limits);
        var taken = BoxSelection.Take(candidates.Windows, scores, Options.FreeOverlap, Options.FullOverlap, maxCount, cancellationToken);
        return taken.ConvertAll(item =>
        {
            var (x, y, width, height) = candidates.Windows[item.Index];
            var proposal = new Proposal(new PixelBox(x, y, x + width + 1, y + height + 1).Intersect(small.Bounds), item.Score);
            return proposal with { Box = proposal.Box.Scale(small.Size, image.Size) };
        });
    }
}
