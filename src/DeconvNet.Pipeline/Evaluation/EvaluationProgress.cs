namespace DeconvNet.Evaluation;

/// <summary>Where an evaluation stands after an image. Immutable.</summary>
/// <param name="Done">Images done, at least 1.</param>
/// <param name="Total">Images in all.</param>
/// <param name="Id">Id of the image just done.</param>
/// <param name="MeanIoU">Mean IoU over the images done, 0 … 1; NaN where nothing was counted yet.</param>
/// <param name="Elapsed">Time since the start.</param>
public sealed record EvaluationProgress(int Done, int Total, string Id, double MeanIoU, TimeSpan Elapsed)
{
    /// <summary>Expected time until the end, from the mean time of the images done.</summary>
    public TimeSpan Remaining => Elapsed / Done * (Total - Done);
}
