using DeconvNet.Evaluation.Metrics;

namespace DeconvNet.Evaluation.Reports;

/// <summary>The result of an evaluation, with tables to print. Immutable.</summary>
/// <param name="ClassNames">Class names by id; id 0 is background.</param>
/// <param name="Confusion">The counts that all scores are computed from; they are copied.</param>
/// <exception cref="ArgumentException">The number of names differs from the number of classes.</exception>
public sealed partial record EvaluationReport(IReadOnlyList<string> ClassNames, ConfusionMatrix Confusion)
{
    /// <summary>Class names by id; id 0 is background.</summary>
    public IReadOnlyList<string> ClassNames { get; } = CopyNames(ClassNames, Confusion);

    /// <summary>The counts that all scores are computed from; read-only.</summary>
    public ConfusionMatrix Confusion { get; } = Confusion.AsReadOnly();

    /// <summary>Name of the evaluated method; possibly empty.</summary>
    public string Method { get; init; } = "";

    /// <summary>Name of the data set, for instance the image set; possibly empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>Number of images.</summary>
    public int ImageCount { get; init; }

    /// <summary>Total segmentation time, without reading photos and masks.</summary>
    public TimeSpan SegmentationTime { get; init; }

    /// <summary>Segmentation time per image in seconds; NaN without images.</summary>
    public double SecondsPerImage => ImageCount == 0 ? double.NaN : SegmentationTime.TotalSeconds / ImageCount;

    /// <summary>The scores of each class, by id.</summary>
    public IReadOnlyList<ClassScore> Classes =>
    [
        .. ClassNames.Select((name, id) => new ClassScore
        {
            ClassId = id,
            Name = name,
            IoU = Confusion.IoU(id),
            Accuracy = Confusion.Accuracy(id),
            TruthPixelCount = Confusion.TruthCount(id),
            PredictedPixelCount = Confusion.PredictedCount(id),
        }),
    ];

    private static string[] CopyNames(IReadOnlyList<string> classNames, ConfusionMatrix confusion)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(confusion);
        return classNames.Count == confusion.ClassCount && !classNames.Contains(null!)
            ? [.. classNames]
            : throw new ArgumentException($"The confusion matrix has {confusion.ClassCount} classes; expected as many names, none of them null, not {classNames.Count}.", nameof(classNames));
    }
}
