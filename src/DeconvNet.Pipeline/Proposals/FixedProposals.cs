using System.Globalization;
using DeconvNet.Imaging;
using DeconvNet.Proposals.Files;

namespace DeconvNet.Proposals;

/// <summary>
/// Proposals for one image that were found elsewhere: by another program, or in a <see cref="ProposalFile"/>. Thread-safe.
/// </summary>
public sealed class FixedProposals : IProposalGenerator
{
    private readonly Proposal[] proposals;
    private readonly bool cut;

    /// <summary>Keeps a copy of <paramref name="proposals"/>, best first; those of equal score stay in the order given.</summary>
    /// <param name="proposals">Half-open boxes with scores.</param>
    /// <param name="cutToImage">
    /// Whether boxes are cut to the image. Those of the authors' cache (<see cref="ProposalFile"/>) contain the context around the object and must not be cut:
    /// pass false, with a <see cref="Segmentation.ProposalSegmenterOptions.ContextFactor"/> of 1.
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

    /// <summary>All that decides the proposals, as text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"FixedProposals {{ {(cut ? "cut" : "whole")}, {string.Join(", ", proposals.Select(Text))} }}");

    private static string Text(Proposal proposal) => string.Create(
        CultureInfo.InvariantCulture, $"{proposal.Box.X0} {proposal.Box.Y0} {proposal.Box.X1} {proposal.Box.Y1} {proposal.Score:R}");

    /// <summary>Returns the proposals, cut to the image if that was chosen; those wholly outside are left out.</summary>
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
