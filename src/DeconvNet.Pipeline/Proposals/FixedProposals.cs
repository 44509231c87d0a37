using System.Globalization;
using DeconvNet.Imaging;
using DeconvNet.Proposals.Files;

namespace DeconvNet.Proposals;

/// <summary>
/// Precomputed proposals for one image, from another program or a <see cref="ProposalFile"/>. Thread-safe.
/// </summary>
public sealed class FixedProposals : IProposalGenerator
{
    private readonly Proposal[] proposals;
    private readonly bool cut;

    /// <summary>Copies the proposals and sorts them, best first; the sort is stable.</summary>
    /// <param name="proposals">Half-open boxes with scores.</param>
    /// <param name="cutToImage">
    /// Whether boxes are clipped to the image. The boxes of the authors' cache (<see cref="ProposalFile"/>) include context and must not be clipped:
    /// pass false, and use a <see cref="Segmentation.ProposalSegmenterOptions.ContextFactor"/> of 1.
    /// </param>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public FixedProposals(IReadOnlyList<Proposal> proposals, bool cutToImage = true)
    {
        ArgumentNullException.ThrowIfNull(proposals);
        for (var i = 0; i < proposals.Count; i++)
        {
            if (float.IsNaN(proposals[i].Score))
                throw new ArgumentException($"Proposal {i} has no score (NaN).", nameof(proposals));
        }

        cut = cutToImage;
        this.proposals = [.. proposals.OrderByDescending(proposal => proposal.Score)];
    }

    /// <summary>Everything that determines the proposals, as text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"FixedProposals {{ {(cut ? "cut" : "whole")}, {string.Join(", ", proposals.Select(Text))} }}");

    private static string Text(Proposal proposal) => string.Create(
        CultureInfo.InvariantCulture, $"{proposal.Box.X0} {proposal.Box.Y0} {proposal.Box.X1} {proposal.Box.Y1} {proposal.Score:R}");

    /// <summary>Returns the proposals, clipped to the image if requested, without those entirely outside.</summary>
    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is below 1.</exception>
    public IReadOnlyList<Proposal> Generate(RgbImage image, int maxCount, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        cancellationToken.ThrowIfCancellationRequested();
        return [.. proposals
            .Select(proposal => (Whole: proposal, Seen: proposal with { Box = proposal.Box.Intersect(image.Bounds) }))
            .Where(proposal => !proposal.Seen.Box.IsEmpty)
            .Take(maxCount)
            .Select(proposal => cut ? proposal.Seen : proposal.Whole)];
    }
}
