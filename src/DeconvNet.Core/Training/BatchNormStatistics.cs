using DeconvNet.Networks;
using DeconvNet.Training.Ranks;
using static TorchSharp.torch;

namespace DeconvNet.Training;

/// <summary>
/// Estimates the population statistics of batch norm after training: the plain average of batch statistics over many batches of training crops
/// (the authors' step "make BN testable" before testing).
/// </summary>
internal static class BatchNormStatistics
{
    /// <param name="model">The network, which is in evaluation mode afterward.</param>
    /// <param name="nextInput">Returns the next batch <c>[N, 3, S, S]</c>, in the caller's dispose scope; all batches have the same size.</param>
    /// <param name="first">Number of batches already done, over which the model's current statistics were computed.</param>
    /// <param name="batches">Total number of batches; 0 keeps the running averages of training.</param>
    /// <param name="asCaffe">Whether variances are biased (divided by n instead of n − 1), as in the authors' script (<see cref="TrainingOptions.CaffeCompatibility"/>).</param>
    /// <param name="done">Called with the number of batches done after each one, or after each round in which every rank does one.</param>
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
            // A momentum of 1, 1/2, 1/3, … turns the exponential average into the plain average; the first batch replaces the previous values.
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

    /// <summary>Updates the running statistics with a batch, with the given momentum.</summary>
    private static void Observe(SegmentationModel model, Func<Tensor> nextInput, double weight, Dictionary<string, long> values)
    {
        using var scope = NewDisposeScope();
        model.StatisticsMomentum = weight;
        model.Observe(nextInput(), (name, output) => values[name] = output.numel() / output.shape[1]);
    }

    /// <summary>Converts libtorch's unbiased variances to biased ones.</summary>
    private static void DivideByAllValues(SegmentationModel model, Dictionary<string, long> values)
    {
        using var scope = NewDisposeScope();
        // A rank without a batch does not know the number of values; it gets the variances from rank 0, which always has one.
        foreach (var row in model.Layers.Where(row => row.BatchNorm is not null && !model.FrozenNorms.Contains(row.BatchNorm) && values.ContainsKey(row.Name)))
            model.BatchNorm(row).running_var!.mul_((values[row.Name] - 1) / (double)values[row.Name]);
    }
}
