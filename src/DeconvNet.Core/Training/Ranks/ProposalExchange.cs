using System.Runtime.InteropServices;
using DeconvNet.Proposals;

namespace DeconvNet.Training.Ranks;

/// <summary>Sends the proposals found by one rank to all.</summary>
internal static class ProposalExchange
{
    private const int Unknown = -1;

    /// <summary>Adds the root's proposals to those of every rank.</summary>
    /// <param name="team">The ranks; nothing happens if there is only one.</param>
    /// <param name="found">Proposals by image; <see langword="null"/> if an image was not searched.</param>
    /// <param name="root">The sending rank.</param>
    public static void Tell(RankTeam team, IReadOnlyList<Proposal>?[] found, int root)
    {
        if (team.IsAlone)
            return;
        int[] counts = [.. found.Select(each => each?.Count ?? Unknown)];
        team.Broadcast(MemoryMarshal.AsBytes(counts.AsSpan()), root);
        for (var image = 0; image < found.Length; image++)
        {
            // Rarely more than a few kilobytes per image: one message per image keeps memory small.
            if (counts[image] == Unknown)
                continue;
            Proposal[] boxes = team.Rank == root ? [.. found[image]!] : new Proposal[counts[image]];
            team.Broadcast(MemoryMarshal.AsBytes(boxes.AsSpan()), root);
            found[image] = boxes;
        }
    }
}
