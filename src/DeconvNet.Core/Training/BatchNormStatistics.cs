using DeconvNet.Networks;
using DeconvNet.Training.Ranks;
using static TorchSharp.torch;

namespace DeconvNet.Training;

/// <summary>
/// Population statistics of batch norm for finished weights: the plain average of the batch statistics over many batches of training crops
/// (what the authors do before testing, "make BN testable").
/// </summary>
internal static class BatchNormStatistics
{
    /// <param name="model">The network; it is in evaluation mode afterward.</param>
    /// <param name="nextInput">Gives the next batch <c>[N, 3, S, S]</c>, in the dispose scope in which it is called; all are of one size.</param>
    /// <param name="first">Batches done before; the model's statistics are those over them.</param>
    /// <param name="batches">How many batches in all; 0 leaves the running averages of training.</param>
    /// <param name="asCaffe">Whether variances are divided by the number of values, as the authors' script does, and not by one less (<see cref="TrainingOptions.CaffeCompatibility"/>).</param>
    /// <param name="done">Hears how many batches are done after each one, or after each round in which every rank does one.</param>
    /// <param name="team">The ranks that share the batches; <see langword="null"/> for this process alone.</param>
    public static void Estimate(SegmentationModel model, Func<Tensor> nextInput, int first, int batches, bool asCaffe, Action<int> done, RankTeam? team = null)
    {
        if (batches == 0 || model.Layers.All(row => row.BatchNorm is null || model.FrozenNorms.Contains(row.BatchNorm)))
        {
            model.eval();
            return;
        }

        using var frozen = no_grad();
        model.train();
        try
        {
            var values = new Dictionary<string, long>();
            if (team is null or { IsAlone: true })
                AverageAlone(model, nextInput, first, batches, values, done);
            else
                AverageTogether(team, model, nextInput, first, batches, values, done);

            if (asCaffe)
                DivideByAllValues(model, values);
            team?.Broadcast(RunningStatistics.Learning(model));
            done(batches);
        }
        finally
        {
            model.ResetStatisticsMomentum();
            model.eval();
        }
    }

    private static void AverageAlone(SegmentationModel model, Func<Tensor> nextInput, int first, int batches, Dictionary<string, long> values, Action<int> done)
    {
        for (var i = first; i < batches; i++)
        {
            // A weight of 1, 1/2, 1/3, … turns the exponential average into the plain one; the first batch wipes out what was there.
            Observe(model, nextInput, 1.0 / (i + 1), values);
            if (i + 1 < batches)
                done(i + 1);
        }
    }

    private static void AverageTogether(RankTeam team, SegmentationModel model, Func<Tensor> nextInput, int first, int batches, Dictionary<string, long> values, Action<int> done)
    {
        using var scope = NewDisposeScope();
        Tensor[] average = [.. RunningStatistics.Learning(model).Select(value => value.detach().clone())];
        for (var i = first; i < batches;)
        {
            var round = Math.Min(team.Size, batches - i);
            Exception? failure = null;
            try
            {
                if (team.Rank < round)
                    Observe(model, nextInput, 1, values);
            }
            catch (Exception error)
            {
                failure = error;
            }

            RunningStatistics.Average(team, model, average, i, round, failure);
            i += round;
            if (i < batches)
                done(i);
        }
    }

    /// <summary>Takes a batch into the running statistics, with a weight.</summary>
    private static void Observe(SegmentationModel model, Func<Tensor> nextInput, double weight, Dictionary<string, long> values)
    {
        using var scope = NewDisposeScope();
        model.StatisticsMomentum = weight;
        model.Observe(nextInput(), (name, output) => values[name] = output.numel() / output.shape[1]);
    }

    /// <summary>Libtorch averages variances that are divided by one less than the number of values.</summary>
    private static void DivideByAllValues(SegmentationModel model, Dictionary<string, long> values)
    {
        using var scope = NewDisposeScope();
        // A rank that had no batch knows no number of values; rank 0, which always has one, tells it the variances.
        foreach (var row in model.Layers.Where(row => row.BatchNorm is not null && !model.FrozenNorms.Contains(row.BatchNorm) && values.ContainsKey(row.Name)))
            model.BatchNorm(row).running_var!.mul_((values[row.Name] - 1) / (double)values[row.Name]);
    }
}
