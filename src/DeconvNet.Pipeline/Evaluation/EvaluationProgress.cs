namespace DeconvNet.Evaluation;

/// <summary>How far an evaluation has come, reported after each image.</summary>
/// <param name="Done">Images done, at least 1.</param>
/// <param name="Total">Images in all.</param>
public sealed record EvaluationProgress(int Done, int Total) : WorkProgress(Done, Total)
{
    /// <summary>Id of the image just done.</summary>
    public required string Id { get; init; }

    /// <summary>Mean IoU over the images done, 0 … 1; NaN where nothing was counted yet.</summary>
    public required double MeanIoU { get; init; }

    /// <summary>Time since the start.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Expected time until the end, from the mean time of the images done.</summary>
    public TimeSpan Remaining => Elapsed / Done * (Total - Done);
}
