using System.Text.Json;

namespace DeconvNet.Evaluation;

/// <summary>
/// An <see cref="ImageScore"/> as a JSON file: <c>id</c>, <c>milliseconds</c> and <c>counts</c>, a list of [true class, predicted class, pixels]
/// of the pairs that occur.
/// </summary>
internal static class ImageScoreFile
{
    public static void Save(string path, ImageScore score) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("id", score.Id);
        json.WriteNumber("milliseconds", score.Time.TotalMilliseconds);
        json.WriteStartArray("counts");
        var classes = score.Confusion.ClassCount;
        for (var i = 0; i < classes * classes; i++)
        {
            if (score.Confusion[i / classes, i % classes] is not (> 0 and var pixels))
                continue;

            json.WriteStartArray();
            json.WriteNumberValue(i / classes);
            json.WriteNumberValue(i % classes);
            json.WriteNumberValue(pixels);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    public static ImageScore Load(string path, int classes)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = json.RootElement;
            var confusion = new ConfusionMatrix(classes);
            foreach (var entry in root.GetProperty("counts").EnumerateArray())
                confusion.Add(entry[0].GetInt32(), entry[1].GetInt32(), entry[2].GetInt64());
            return new ImageScore(
                root.GetProperty("id").GetString() ?? "", confusion, TimeSpan.FromMilliseconds(root.GetProperty("milliseconds").GetDouble()));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException
            or IndexOutOfRangeException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"{path} is no score of an image over {classes} classes: {fault.Message} Delete it to have the image done again.", fault);
        }
    }
}
