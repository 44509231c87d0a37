using System.Globalization;
using DeconvNet.Training.Examples;
using DeconvNet.Training.Ranks;
using DeconvNet.Training.Stages;

namespace DeconvNet.Training;

public sealed partial class SegmentationTrainer
{
    private readonly RankTeam team;
    private readonly StepExchange? exchange;

    /// <summary>Numbers of the batches for this rank: its share of the passes of every step.</summary>
    private IEnumerable<long> BatchesOfSteps(int passes, long firstStep)
    {
        var share = team.ShareOf(passes);
        for (var step = firstStep; ; step++)
        {
            for (var pass = share.Start.Value; pass < share.End.Value; pass++)
                yield return (step * passes) + pass;
        }
    }

    /// <summary>Numbers of the statistics batches for this rank: one of every round.</summary>
    private IEnumerable<long> BatchesOfStatistics(long first)
    {
        for (var number = first + team.Rank; ; number += team.Size)
            yield return number;
    }

    /// <summary>Runs this rank's passes of a step, then takes the step of all ranks.</summary>
    private PassSums MakeShare(StepExchange exchange, TrainingStage stage, int stageIndex, long firstPass, BatchLoader loader, CancellationToken cancellationToken)
    {
        var share = team.ShareOf(stage.Accumulation);
        exchange.Begin();
        PassSums mine = default;
        Exception? failure = null;
        try
        {
            mine = MakePasses(stage, share, stageIndex, firstPass, loader, cancellationToken);
        }
        catch (Exception error)
        {
            failure = error;
        }

        if (gradients.KeepsLastOnly && HasLaterPass(mine))
            gradients.ForgetBatchNorm();
        return exchange.Sum(mine, share, stage.Accumulation, failure);
    }

    /// <summary>Whether a rank with later passes of the step has one with a target.</summary>
    private bool HasLaterPass(PassSums mine)
    {
        var counts = new float[team.Size];
        counts[team.Rank] = mine.Valid > 0 ? 1 : 0;
        team.Sum(counts);
        return counts.AsSpan(team.Rank + 1).Contains(1);
    }

    /// <summary>Rejects steps with fewer passes than ranks.</summary>
    private void RequirePasses()
    {
        foreach (var stage in options.Stages.Where(stage => stage.Accumulation < team.Size))
        {
            throw new ArgumentException(
                $"The stage {stage.Name} has Accumulation {stage.Accumulation}, which is too little for {team.Size} ranks: each makes a share of the passes of a step. "
                + "Take as many passes as ranks or a multiple of them, with a BatchSize that is smaller in proportion.", nameof(options));
        }
    }

    /// <summary>The options that affect not the weights but when ranks communicate. Like those that affect the weights, they must be the same on all ranks.</summary>
    private string Rhythm() => string.Create(CultureInfo.InvariantCulture, $"; a checkpoint every {options.CheckpointEvery} steps")
        + (validation is null ? "" : string.Create(CultureInfo.InvariantCulture, $"; validation every {validation.Every} steps on {validation.Data.Count} images {FilesHash(validation.Data)}, patience {validation.Patience}, {validation.MaxProposals} proposals"));

    /// <summary>Copies position, weights and optimizer buffers from rank 0 to all ranks.</summary>
    private TrainingPlace TellState(TrainingPlace place)
    {
        if (team.IsAlone)
            return place;
        place = TrainingPlace.TryParse(team.Broadcast(place.ToString(), 0))!.Value;
        team.Broadcast(state.Select(entry => entry.Value));
        return place;
    }
}
