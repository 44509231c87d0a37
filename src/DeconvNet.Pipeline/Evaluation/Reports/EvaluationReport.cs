using DeconvNet.Evaluation.Metrics;

namespace DeconvNet.Evaluation.Reports;

/// <summary>What an evaluation measured, with tables to print. Immutable.</summary>
/// <param name="ClassNames">Class names by id; index 0 is background.</param>
/// <param name="Confusion">The counts that all figures come from; they are copied.</param>
/// <exception cref="ArgumentException">The number of names is not that of the classes.</exception>
public sealed partial record EvaluationReport(IReadOnlyList<string> ClassNames, ConfusionMatrix Confusion)
{
    /// <summary>Class names by id; index 0 is background.</summary>
    public IReadOnlyList<string> ClassNames { get; } = CopyNames(ClassNames, Confusion);

    /// <summary>The counts that all figures come from; read-only.</summary>
    public ConfusionMatrix Confusion { get; } = Confusion.AsReadOnly();

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

    /// <summary>The scores of each class, in the order of the ids.</summary>
    public IReadOnlyList<ClassScore> Classes =>
    [
        .. ClassNames.Select((name, id) => new ClassScore
        {
            ClassId = id,
            Name = name,
            IoU = Confusion.IoU(id),
            Accuracy = Confusion.Accuracy(id),
            TruthPixels = Confusion.TruthCount(id),
            PredictedPixels = Confusion.PredictedCount(id),
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
