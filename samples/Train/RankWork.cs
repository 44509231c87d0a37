using DeconvNet.Training.Ranks;

namespace Train;

/// <summary>What the ranks do around a training: where it fails on one, it fails on all, and each says why. One process alone just does it.</summary>
internal static class RankWork
{
    /// <summary>Does work of every rank.</summary>
    public static T Together<T>(ICommunicator? ranks, Func<T> work)
    {
        if (ranks is null)
            return work();
        T? result = default;
        ranks.RunTogether(() => result = work());
        return result!;
    }

    /// <summary>Does work of rank 0 alone, while the others wait.</summary>
    public static void OfFirst(ICommunicator? ranks, Action work) => Together(ranks, () =>
    {
        if (ranks is null or { Rank: 0 })
            work();
        return true;
    });
}
