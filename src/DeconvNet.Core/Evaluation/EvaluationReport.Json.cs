using System.Text;
using System.Text.Json;
using DeconvNet.Imaging;

namespace DeconvNet.Evaluation;

public sealed partial record EvaluationReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>
    /// All figures and the confusion matrix (<c>confusion</c>: rows are the true classes) as JSON; shares are 0 … 1, null where there is no value.
    /// </summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            title = Title,
            images = Images,
            secondsPerImage = Known(SecondsPerImage),
            meanIoU = Known(Confusion.MeanIoU),
            pixelAccuracy = Known(Confusion.PixelAccuracy),
            meanAccuracy = Known(Confusion.MeanAccuracy),
            frequencyWeightedIoU = Known(Confusion.FrequencyWeightedIoU),
            classes = Classes.Select(row => new
            {
                classId = row.ClassId,
                name = row.Name,
                iou = Known(row.IoU),
                accuracy = Known(row.Accuracy),
                truthPixels = row.TruthPixels,
                predictedPixels = row.PredictedPixels,
            }),
            confusion = Confusion.ToRows(),
        },
        Indented);

    /// <summary>Writes <see cref="ToJson"/> as UTF-8; an existing file is replaced as a whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveJson(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(ToJson());
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    // JSON has no NaN.
    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}
