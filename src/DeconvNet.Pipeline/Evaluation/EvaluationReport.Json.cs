using System.Text;
using System.Text.Json;

namespace DeconvNet.Evaluation;

public sealed partial record EvaluationReport
{
    /// <summary>
    /// All figures and the confusion matrix (<c>confusion</c>: rows are the true classes) as JSON; shares are 0 … 1, null where there is no value.
    /// </summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            WriteTo(json);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Writes <see cref="ToJson"/> as UTF-8; an existing file is replaced as a whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveJson(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(ToJson());
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("method", Method);
        json.WriteString("title", Title);
        json.WriteNumber("images", Images);
        WriteFigure(json, "secondsPerImage", SecondsPerImage);
        WriteFigure(json, "meanIoU", Confusion.MeanIoU);
        WriteFigure(json, "pixelAccuracy", Confusion.PixelAccuracy);
        WriteFigure(json, "meanAccuracy", Confusion.MeanAccuracy);
        WriteFigure(json, "frequencyWeightedIoU", Confusion.FrequencyWeightedIoU);
        json.WriteStartArray("classes");
        foreach (var row in Classes)
            WriteClass(json, row);
        json.WriteEndArray();
        json.WritePropertyName("confusion");
        JsonSerializer.Serialize(json, Confusion.ToRows(), EvaluationJson.Default.Int64ArrayArray);
        json.WriteEndObject();
    }

    private static void WriteClass(Utf8JsonWriter json, ClassScore row)
    {
        json.WriteStartObject();
        json.WriteNumber("classId", row.ClassId);
        json.WriteString("name", row.Name);
        WriteFigure(json, "iou", row.IoU);
        WriteFigure(json, "accuracy", row.Accuracy);
        json.WriteNumber("truthPixels", row.TruthPixels);
        json.WriteNumber("predictedPixels", row.PredictedPixels);
        json.WriteEndObject();
    }

    // JSON has no NaN.
    private static void WriteFigure(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsNaN(value))
            json.WriteNull(name);
        else
            json.WriteNumber(name, value);
    }
}
