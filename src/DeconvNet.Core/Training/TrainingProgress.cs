namespace DeconvNet.Training;

/// <summary>
/// How far a training has come, reported after every step, and then after every batch over which the statistics of batch norm are taken. <see cref="WorkProgress.Done"/>
/// and <see cref="WorkProgress.Total"/> count both, over all stages.
/// </summary>
/// <param name="Done">Steps and batches done, at least 1; those before a run was resumed count.</param>
/// <param name="Total">Steps and batches in all.</param>
public sealed record TrainingProgress(int Done, int Total) : WorkProgress(Done, Total)
{
    /// <summary>Name of the stage; the last one while statistics are taken.</summary>
    public required string Stage { get; init; }

    /// <summary>Steps done in the stage, or batches of statistics.</summary>
    public required int Iteration { get; init; }

    /// <summary>Steps of the stage, or batches of statistics.</summary>
    public required int Iterations { get; init; }

    /// <summary>Whether statistics of batch norm are taken; nothing is learned then.</summary>
    public bool IsStatistics { get; init; }

    /// <summary>Loss of the step, the mean over its valid pixels, in nats; NaN for statistics.</summary>
    public double Loss { get; init; } = double.NaN;

    /// <summary>Fraction of the valid pixels of the step that were right, 0 … 1; of crops where only the encoder learns; NaN for statistics.</summary>
    public double PixelAccuracy { get; init; } = double.NaN;

    /// <summary>Learning rate of the step; NaN for statistics.</summary>
    public double LearningRate { get; init; } = double.NaN;

    /// <summary>Mean IoU of the validation after the step, 0 … 1; NaN where there was none (see <see cref="Validation"/>).</summary>
    public double MeanIoU { get; init; } = double.NaN;

    /// <summary>Examples a second since the run began or was resumed.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Expected time until the end, at this speed.</summary>
    public required TimeSpan Remaining { get; init; }
}
