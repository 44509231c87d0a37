using System.Runtime.InteropServices;
using DeconvNet.Networks;
using static TorchSharp.torch;

namespace DeconvNet.Training.Ranks;

/// <summary>The running statistics of a network's batch norm layers, which the ranks average.</summary>
internal static class RunningStatistics
{
    /// <summary>Means and variances in layer order, each with the name of its batch norm layer; the network's own tensors.</summary>
    public static IEnumerable<(string Norm, Tensor Value)> Of(SegmentationModel model) => model.Layers
        .Where(row => row.BatchNorm is not null)
        .SelectMany(row => new[] { (row.BatchNorm!, model.BatchNorm(row).running_mean!), (row.BatchNorm!, model.BatchNorm(row).running_var!) });

    /// <summary>The same without those of frozen layers.</summary>
    public static IEnumerable<Tensor> Learning(SegmentationModel model) => Of(model).Where(entry => !model.FrozenNorms.Contains(entry.Norm)).Select(entry => entry.Value);

    /// <summary>
    /// Adds the statistics of one batch from each of the first ranks to the plain average over all batches. Before the call the network holds those of this rank's batch,
    /// after it the average, on every rank.
    /// </summary>
    /// <param name="team">More than one rank.</param>
    /// <param name="model">The network.</param>
    /// <param name="average">The average so far, in the order of <see cref="Learning"/>; updated.</param>
    /// <param name="done">Number of batches in the average so far.</param>
    /// <param name="added">Number of batches to add, one from each of that many ranks.</param>
    /// <param name="failure">Why this rank has no statistics, if it failed.</param>
    public static void Average(RankTeam team, SegmentationModel model, Tensor[] average, int done, int added, Exception? failure)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] statistics = [.. Learning(model)];
        var takesPart = team.Rank < added;
        Tensor[] parts = [.. statistics.Select((value, i) =>
        {
            var part = takesPart ? value / (done + added) : zeros_like(value);
            return (team.IsFirst && done > 0 ? part + (average[i] * ((double)done / (done + added))) : part).flatten().cpu();
        })];
        var flat = cat([.. parts, zeros(team.Size)]);
        var values = MemoryMarshal.Cast<byte, float>(flat.bytes);
        values[^(team.Size - team.Rank)] = RankAgreement.Outcome(failure);
        team.Sum(values);
        try
        {
            team.Settle(values[^team.Size..], failure);
        }
        catch
        {
            for (var i = 0; i < statistics.Length; i++)
                statistics[i].copy_(average[i]);
            throw;
        }

        long offset = 0;
        for (var i = 0; i < statistics.Length; i++)
        {
            average[i].copy_(flat.narrow(0, offset, statistics[i].numel()).view(statistics[i].shape));
            statistics[i].copy_(average[i]);
            offset += statistics[i].numel();
        }
    }
}
