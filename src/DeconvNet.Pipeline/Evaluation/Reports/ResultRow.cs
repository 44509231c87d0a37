namespace DeconvNet.Evaluation.Reports;

/// <summary>A row of a <see cref="ResultTable"/>.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="Set">What the method was measured on, for instance <c>VOC2012 test</c>.</param>
/// <param name="ClassIoU">IoU of each class by id, 0 … 1; NaN if undefined.</param>
/// <param name="MeanIoU">Mean IoU, 0 … 1, as published or computed.</param>
public sealed record ResultRow(string Method, string Set, IReadOnlyList<double> ClassIoU, double MeanIoU)
{
    /// <summary>Whether the figures are published ones, rather than measured here.</summary>
    public bool IsPublished { get; init; }

    /// <summary>Number of images measured; 0 if unknown.</summary>
    public int ImageCount { get; init; }

    /// <summary>Segmentation time per image in seconds; NaN if unknown.</summary>
    public double SecondsPerImage { get; init; } = double.NaN;

    /// <summary>Creates the row of a report.</summary>
    /// <param name="report">The report.</param>
    public static ResultRow FromReport(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new ResultRow(report.Method, report.Title, [.. report.Classes.Select(row => row.IoU)], report.Confusion.MeanIoU)
        {
            ImageCount = report.ImageCount,
            SecondsPerImage = report.SecondsPerImage,
        };
    }
}
