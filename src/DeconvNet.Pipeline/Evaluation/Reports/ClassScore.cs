namespace DeconvNet.Evaluation.Reports;

/// <summary>The scores of one class in an <see cref="EvaluationReport"/>.</summary>
public sealed record ClassScore
{
    /// <summary>Class id; 0 is background.</summary>
    public required int ClassId { get; init; }

    /// <summary>The class name.</summary>
    public required string Name { get; init; }

    /// <summary>Intersection over union, 0 … 1; NaN if the class neither occurs nor was predicted.</summary>
    public required double IoU { get; init; }

    /// <summary>Class accuracy (recall): the fraction of the class's pixels that were predicted correctly, 0 … 1; NaN if it does not occur.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Number of pixels of the class.</summary>
    public required long TruthPixelCount { get; init; }

    /// <summary>Number of pixels predicted as the class.</summary>
    public required long PredictedPixelCount { get; init; }
}
