namespace DeconvNet.Training;

/// <summary>
/// Progress of a training, reported after every step, and then after every batch of the batch norm statistics. <see cref="WorkProgress.Done"/>
/// and <see cref="WorkProgress.Total"/> count both, over all stages.
/// </summary>
/// <param name="Done">Steps and batches done, at least 1, including those before resuming.</param>
/// <param name="Total">Total number of steps and batches.</param>
public sealed record TrainingProgress(int Done, int Total) : WorkProgress(Done, Total)
{
    /// <summary>Name of the stage; the last one during statistics.</summary>
    public required string Stage { get; init; }

    /// <summary>Steps done in the stage, or batches of statistics.</summary>
    public required int Iteration { get; init; }

    /// <summary>Total steps of the stage, or batches of statistics.</summary>
    public required int Iterations { get; init; }

    /// <summary>Whether batch norm statistics are being estimated, rather than weights trained.</summary>
    public bool IsStatistics { get; init; }

    /// <summary>Loss of the step, the mean over its valid pixels, in nats; NaN for statistics.</summary>
    public double Loss { get; init; } = double.NaN;

    /// <summary>Fraction of the valid pixels of the step that were correct, 0 … 1, or of crops if only the encoder is trained; NaN for statistics.</summary>
    public double PixelAccuracy { get; init; } = double.NaN;

    /// <summary>Learning rate of the step; NaN for statistics.</summary>
    public double LearningRate { get; init; } = double.NaN;

    /// <summary>Mean IoU of the validation after the step, 0 … 1; NaN if there was none (see <see cref="Validation"/>).</summary>
    public double MeanIoU { get; init; } = double.NaN;

    /// <summary>Examples per second since the run was started or resumed.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Estimated remaining time.</summary>
    public required TimeSpan Remaining { get; init; }
}
