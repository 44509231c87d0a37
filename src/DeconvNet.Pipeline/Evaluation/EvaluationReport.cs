namespace DeconvNet.Evaluation;

/// <summary>What an evaluation measured, with tables to print. Immutable as long as <paramref name="Confusion"/> is left alone.</summary>
/// <param name="ClassNames">Class names by id; index 0 is background.</param>
/// <param name="Confusion">The counts that all figures come from.</param>
public sealed partial record EvaluationReport(IReadOnlyList<string> ClassNames, ConfusionMatrix Confusion)
{
    /// <summary>Name of the method that was evaluated; possibly empty.</summary>
    public string Method { get; init; } = "";

    /// <summary>Name of what it was evaluated on, for instance the image set; possibly empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>Number of images.</summary>
    public int Images { get; init; }

    /// <summary>Time that the segmentation took, without reading photos and masks.</summary>
    public TimeSpan SegmentationTime { get; init; }

    /// <summary>Seconds of segmentation per image; NaN where there was none.</summary>
    public double SecondsPerImage => Images == 0 ? double.NaN : SegmentationTime.TotalSeconds / Images;

    /// <summary>One row a class, in the order of the ids.</summary>
    public IReadOnlyList<ClassScore> Classes =>
    [
        .. ClassNames.Select((name, id) => new ClassScore(
            id, name, Confusion.IoU(id), Confusion.Accuracy(id), Confusion.TruthCount(id), Confusion.PredictedCount(id))),
    ];
}
