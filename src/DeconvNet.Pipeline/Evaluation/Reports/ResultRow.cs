namespace DeconvNet.Evaluation.Reports;

/// <summary>One line of a <see cref="ResultTable"/>.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="Set">What it was measured on, for instance <c>VOC2012 test</c>.</param>
/// <param name="ClassIoU">IoU of each class by id, 0 … 1; NaN where there is no value.</param>
/// <param name="MeanIoU">Their mean, 0 … 1, as published or computed.</param>
public sealed record ResultRow(string Method, string Set, IReadOnlyList<double> ClassIoU, double MeanIoU)
{
    /// <summary>Whether the figures were published by others, and not measured here.</summary>
    public bool IsPublished { get; init; }

    /// <summary>Number of images measured here; 0 where that is not known.</summary>
    public int Images { get; init; }

    /// <summary>Seconds of segmentation per image measured here; NaN where that is not known.</summary>
    public double SecondsPerImage { get; init; } = double.NaN;

    /// <summary>The row of a report.</summary>
    /// <param name="report">What was measured.</param>
    public static ResultRow Of(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new ResultRow(report.Method, report.Title, [.. report.Classes.Select(row => row.IoU)], report.Confusion.MeanIoU)
        {
            Images = report.Images,
            SecondsPerImage = report.SecondsPerImage,
        };
    }
}
