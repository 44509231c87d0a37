using System.Text;
using System.Text.Json;

namespace DeconvNet.Evaluation.Reports;

public sealed partial record EvaluationReport
{
    /// <summary>
    /// All figures and the confusion matrix (<c>confusion</c>: rows are the true classes) as JSON; fractions are 0 … 1, or null if undefined.
    /// </summary>
    public string ToJson() => JsonSerializer.Serialize(
        new ReportJson
        {
            Method = Method,
            Title = Title,
            Images = ImageCount,
            SecondsPerImage = Figure(SecondsPerImage),
            MeanIoU = Figure(Confusion.MeanIoU),
            PixelAccuracy = Figure(Confusion.PixelAccuracy),
            MeanAccuracy = Figure(Confusion.MeanAccuracy),
            FrequencyWeightedIoU = Figure(Confusion.FrequencyWeightedIoU),
            Classes = [.. Classes.Select(row => new ClassJson(row.ClassId, row.Name, Figure(row.IoU), Figure(row.Accuracy), row.TruthPixelCount, row.PredictedPixelCount))],
            Confusion = Confusion.ToRows(),
        },
        ReportsJson.Default.ReportJson);

    /// <summary>Writes <see cref="ToJson"/> as UTF-8; an existing file is replaced atomically.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveJson(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(ToJson());
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    // JSON has no NaN.
    internal static double? Figure(double value) => double.IsNaN(value) ? null : value;
}

internal sealed record ReportJson
{
    public required string Method { get; init; }

    public required string Title { get; init; }

    public required int Images { get; init; }

    public required double? SecondsPerImage { get; init; }

    public required double? MeanIoU { get; init; }

    public required double? PixelAccuracy { get; init; }

    public required double? MeanAccuracy { get; init; }

    public required double? FrequencyWeightedIoU { get; init; }

    public required ClassJson[] Classes { get; init; }

    public required long[][] Confusion { get; init; }
}

internal sealed record ClassJson(int ClassId, string Name, double? Iou, double? Accuracy, long TruthPixels, long PredictedPixels);
