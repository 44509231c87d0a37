using System.Runtime.InteropServices;
using DeconvNet.Proposals;

namespace DeconvNet.Training.Ranks;

/// <summary>Tells all ranks what one of them has found.</summary>
internal static class ProposalExchange
{
    private const int Unknown = -1;

    /// <summary>Adds the proposals that the root has to those of every rank.</summary>
    /// <param name="team">The ranks; nothing happens where there is one.</param>
    /// <param name="found">Proposals by image, <see langword="null"/> where an image was not searched.</param>
    /// <param name="root">The rank that tells.</param>
    public static void Tell(RankTeam team, IReadOnlyList<Proposal>?[] found, int root)
    {
        if (team.IsAlone)
            return;
        int[] counts = [.. found.Select(each => each?.Count ?? Unknown)];
        team.Broadcast(MemoryMarshal.AsBytes(counts.AsSpan()), root);
        for (var image = 0; image < found.Length; image++)
        {
            // Rarely more than a few kilobytes an image: one message each keeps the memory small.
            if (counts[image] == Unknown)
                continue;
            Proposal[] boxes = team.Rank == root ? [.. found[image]!] : new Proposal[counts[image]];
            team.Broadcast(MemoryMarshal.AsBytes(boxes.AsSpan()), root);
            found[image] = boxes;
        }
    }
}
