using DeconvNet.Training.Logging;

namespace DeconvNet.Training;

/// <summary>The best validation score so far, and the number of validations in the stage without improvement since then.</summary>
internal sealed class BestScore
{
    private string? stage;

    public double MeanIoU { get; private set; } = double.NegativeInfinity;

    public int Since { get; private set; }

    /// <summary>Restores the state from the log of an earlier run.</summary>
    public void Restore(IEnumerable<LossLogEntry> log)
    {
        foreach (var entry in log.Where(entry => !double.IsNaN(entry.MeanIoU)))
            Add(entry.Stage, entry.MeanIoU);
    }

    /// <summary>Adds a validation; returns whether it is the best so far.</summary>
    public bool Add(string stage, double meanIoU)
    {
        Since = this.stage == stage ? Since + 1 : 1;
        this.stage = stage;
        if (!(meanIoU > MeanIoU))
            return false;
        (MeanIoU, Since) = (meanIoU, 0);
        return true;
    }
}
