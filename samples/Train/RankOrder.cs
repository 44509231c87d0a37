using DeconvNet.Training.Ranks;

namespace Train;

/// <summary>Work whose result the first rank leaves in the folder for the others.</summary>
internal static class RankOrder
{
    /// <summary>Does the work on rank 0, and when that is done on the others, which find its files.</summary>
    public static T FirstAlone<T>(ICommunicator? ranks, Func<T> work)
    {
        if (ranks is null)
            return work();
        Span<byte> done = [0];
        if (ranks.Rank > 0)
            ranks.Broadcast(done, root: 0);
        var result = work();
        if (ranks.Rank == 0)
            ranks.Broadcast(done, root: 0);
        return result;
    }

    /// <summary>Does the work on rank 0 alone; the others wait, since a rank that leaves expects all to leave soon.</summary>
    public static void FirstOnly(ICommunicator? ranks, Action work)
    {
        if (ranks is null or { Rank: 0 })
            work();
        ranks?.Broadcast([0], root: 0);
    }
}
