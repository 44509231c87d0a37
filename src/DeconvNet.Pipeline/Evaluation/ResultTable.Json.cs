using System.Text;
using System.Text.Json;

namespace DeconvNet.Evaluation;

public sealed partial record ResultTable
{
    /// <summary>
    /// The rows as JSON: <c>classes</c>, and in <c>rows</c> each <c>method</c>, <c>set</c>, <c>published</c>, <c>meanIoU</c> and <c>iou</c> by class as shares
    /// of 1, null where there is no value; <c>images</c> and <c>secondsPerImage</c> of those measured here.
    /// </summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("classes");
            foreach (var name in ClassNames)
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteStartArray("rows");
            foreach (var row in Rows)
                Write(json, row);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, ResultRow row)
    {
        json.WriteStartObject();
        json.WriteString("method", row.Method);
        json.WriteString("set", row.Set);
        json.WriteBoolean("published", row.IsPublished);
        if (!row.IsPublished)
            json.WriteNumber("images", row.Images);
        if (!double.IsNaN(row.SecondsPerImage))
            json.WriteNumber("secondsPerImage", row.SecondsPerImage);
        json.WritePropertyName("meanIoU");
        WriteShare(json, row.MeanIoU);
        json.WriteStartArray("iou");
        foreach (var value in row.ClassIoU)
            WriteShare(json, value);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // JSON has no NaN.
    private static void WriteShare(Utf8JsonWriter json, double value)
    {
        if (double.IsNaN(value))
            json.WriteNullValue();
        else
            json.WriteNumberValue(value);
    }
}
