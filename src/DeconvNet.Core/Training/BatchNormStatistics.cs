using DeconvNet.Networks;
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
    /// <param name="done">Hears how many batches are done after each one; what it throws ends the work between two batches.</param>
    public static void Estimate(SegmentationModel model, Func<Tensor> nextInput, int first, int batches, bool asCaffe, Action<int> done)
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
            for (var i = first; i < batches; i++)
            {
                using (NewDisposeScope())
                {
                    // A weight of 1, 1/2, 1/3, … turns the exponential average into the plain one; the first batch wipes out what was there.
                    model.StatisticsMomentum = 1.0 / (i + 1);
                    model.Observe(nextInput(), (name, output) => values[name] = output.numel() / output.shape[1]);
                }

                if (i + 1 < batches)
                    done(i + 1);
            }

            if (asCaffe)
                DivideByAllValues(model, values);
            done(batches);
        }
        finally
        {
            model.ResetStatisticsMomentum();
            model.eval();
        }
    }

    /// <summary>Libtorch averages variances that are divided by one less than the number of values.</summary>
    private static void DivideByAllValues(SegmentationModel model, Dictionary<string, long> values)
    {
        using var scope = NewDisposeScope();
        foreach (var row in model.Layers.Where(row => row.BatchNorm is not null && !model.FrozenNorms.Contains(row.BatchNorm)))
            model.BatchNorm(row).running_var!.mul_((values[row.Name] - 1) / (double)values[row.Name]);
    }
}
