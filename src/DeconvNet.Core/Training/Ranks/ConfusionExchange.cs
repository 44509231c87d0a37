using DeconvNet.Evaluation.Metrics;

namespace DeconvNet.Training.Ranks;

/// <summary>Adds what the ranks have counted, each on its part of the images.</summary>
internal static class ConfusionExchange
{
    /// <summary>The counts of all ranks, on every rank.</summary>
    /// <param name="team">The ranks; nothing happens where there is one.</param>
    /// <param name="mine">What this rank has counted.</param>
    public static ConfusionMatrix Sum(RankTeam team, ConfusionMatrix mine)
    {
        if (team.IsAlone)
            return mine;

        // As text, since counts of pixels have more digits than a 32-bit sum keeps.
        var whole = new ConfusionMatrix(mine.ClassCount);
        var told = mine.ToJson();
        for (var rank = 0; rank < team.Size; rank++)
            whole.Merge(ConfusionMatrix.FromJson(team.Broadcast(told, rank)));
        return whole;
    }
}
