using DeconvNet.Training.Logging;

namespace DeconvNet.Training;

/// <summary>The best mean IoU of a training so far, and how many looks of the stage since then found nothing better.</summary>
internal sealed class BestScore
{
    private string? stage;

    public double MeanIoU { get; private set; } = double.NegativeInfinity;

    public int Since { get; private set; }

    /// <summary>Goes over what an earlier run logged.</summary>
    public void Restore(IEnumerable<LossLogEntry> log)
    {
        foreach (var entry in log.Where(entry => !double.IsNaN(entry.MeanIoU)))
            Add(entry.Stage, entry.MeanIoU);
    }

    /// <summary>Adds a look; whether it is the best so far.</summary>
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
