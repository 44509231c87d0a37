using DeconvNet.Evaluation.Metrics;

namespace DeconvNet.Training.Ranks;

/// <summary>Sums the counts of the ranks, each for its part of the images.</summary>
internal static class ConfusionExchange
{
    /// <summary>Returns the counts of all ranks, on every rank.</summary>
    /// <param name="team">The ranks; nothing happens if there is only one.</param>
    /// <param name="mine">The counts of this rank.</param>
    public static ConfusionMatrix Sum(RankTeam team, ConfusionMatrix mine)
    {
        if (team.IsAlone)
            return mine;

        // As text, since pixel counts have more digits than a 32-bit float.
        var whole = new ConfusionMatrix(mine.ClassCount);
        var told = mine.ToJson();
        for (var rank = 0; rank < team.Size; rank++)
            whole.Merge(ConfusionMatrix.FromJson(team.Broadcast(told, rank)));
        return whole;
    }
}
