using DeconvNet.Imaging;

namespace DeconvNet.Proposals;

/// <summary>
/// Proposals that were found elsewhere, for one image: another program's, or those of a <see cref="ProposalFile"/>. Thread-safe.
/// </summary>
public sealed class FixedProposals : IProposalGenerator
{
    private readonly Proposal[] proposals;

    /// <summary>Keeps a copy of <paramref name="proposals"/>, best first; those of equal score stay in the order given.</summary>
    /// <param name="proposals">Half-open boxes with scores.</param>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public FixedProposals(IReadOnlyList<Proposal> proposals)
    {
        ArgumentNullException.ThrowIfNull(proposals);
        for (var i = 0; i < proposals.Count; i++)
        {
            if (float.IsNaN(proposals[i].Score))
                throw new ArgumentException($"Proposal {i} has no score (NaN).", nameof(proposals));
        }

        this.proposals = [.. proposals.OrderByDescending(proposal => proposal.Score)];
    }

    /// <summary>Returns the proposals, cut to the image; those outside are left out.</summary>
    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is below 1.</exception>
    public IReadOnlyList<Proposal> Generate(RgbImage image, int maxCount, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        cancellationToken.ThrowIfCancellationRequested();
        return [.. proposals
            .Select(proposal => proposal with { Box = proposal.Box.Intersect(image.Bounds) })
            .Where(proposal => !proposal.Box.IsEmpty)
            .Take(maxCount)];
    }
}
