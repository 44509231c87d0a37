using DeconvNet.Networks;
using static TorchSharp.torch;

namespace DeconvNet.Training;

/// <summary>
/// Population statistics of batch norm for finished weights: the plain average of the batch statistics over many batches of training crops
/// (what the authors do before testing, "make BN testable").
/// </summary>
internal static class BatchNormStatistics
{
    public static void Estimate(DeconvNetModel model, Func<CropBatch> nextBatch, int batches, Device device, CancellationToken cancellationToken)
    {
        using var frozen = no_grad();
        model.train();
        try
        {
            for (var i = 0; i < batches; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();

                // A weight of 1, 1/2, 1/3, … turns the exponential average into the plain one; the first batch wipes out what was there.
                model.StatisticsMomentum = 1.0 / (i + 1);
                model.forward(nextBatch().ToTensors(device).Images);
            }
        }
        finally
        {
            model.StatisticsMomentum = model.Options.BatchNormMomentum;
            model.eval();
        }
    }
}
