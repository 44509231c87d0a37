namespace DeconvNet.Evaluation;

/// <summary>Progress of an evaluation, reported after each image.</summary>
/// <param name="Done">Images done, at least 1.</param>
/// <param name="Total">Total number of images.</param>
public sealed record EvaluationProgress(int Done, int Total) : WorkProgress(Done, Total)
{
    /// <summary>Id of the image just done.</summary>
    public required string Id { get; init; }

    /// <summary>Mean IoU over the images done, 0 … 1; NaN if no pixel has been counted yet.</summary>
    public required double MeanIoU { get; init; }

    /// <summary>Time since the start.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Estimated remaining time, from the mean time per image so far.</summary>
    public TimeSpan Remaining => Elapsed / Done * (Total - Done);
}
