using System.Text.Json;
using System.Text.Json.Serialization;
using DeconvNet.Evaluation.Metrics;
using DeconvNet.Imaging;

namespace DeconvNet.Evaluation;

/// <summary>
/// Result of one method on one image, stored as JSON with <c>id</c>, <c>milliseconds</c> and <c>counts</c>, a list of [true class, predicted class, pixels]
/// for the pairs that occur.
/// </summary>
/// <param name="Id">Id of the image.</param>
/// <param name="Confusion">The counts of its pixels; empty if the image has no mask.</param>
/// <param name="Time">Time of the segmentation.</param>
internal sealed record ImageScore(string Id, ConfusionMatrix Confusion, TimeSpan Time)
{
    public static ImageScore Of(string id, LabelMap prediction, LabelMap? truth, int classes, TimeSpan time)
    {
        var confusion = new ConfusionMatrix(classes);
        if (truth is not null)
            confusion.Add(prediction, truth);
        return new ImageScore(id, confusion, time);
    }

    /// <summary>Reads the score of an image.</summary>
    /// <param name="path">The file.</param>
    /// <param name="id">Id of the image that the score must belong to.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="InvalidDataException">The file is not a score, or belongs to another image.</exception>
    public static ImageScore Load(string path, string id, int classes)
    {
        try
        {
            var stored = JsonSerializer.Deserialize(File.ReadAllBytes(path), ImageScoreContext.Default.ImageScoreJson) ?? throw new JsonException("It is null.");
            if (stored.Id != id)
                throw new JsonException($"It is the score of '{stored.Id}', not of '{id}'.");

            var confusion = new ConfusionMatrix(classes);
            foreach (var count in stored.Counts)
                confusion.Add(checked((int)count[0]), checked((int)count[1]), count[2]);
            return new ImageScore(id, confusion, TimeSpan.FromMilliseconds(stored.Milliseconds));
        }
        catch (Exception fault) when (fault is JsonException or IndexOutOfRangeException or ArgumentException or OverflowException or InvalidOperationException or NullReferenceException)
        {
            throw new InvalidDataException($"{path} is not a score of an image over {classes} classes: {fault.Message} Delete it to have the image done again.", fault);
        }
    }

    public void Save(string path)
    {
        var classes = Confusion.ClassCount;
        var counts = new List<long[]>();
        for (var i = 0; i < classes * classes; i++)
        {
            if (Confusion[i / classes, i % classes] is > 0 and var pixels)
                counts.Add([i / classes, i % classes, pixels]);
        }

        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, new ImageScoreJson(Id, Time.TotalMilliseconds, [.. counts]), ImageScoreContext.Default.ImageScoreJson));
    }
}

internal sealed record ImageScoreJson(string Id, double Milliseconds, long[][] Counts);

/// <summary>Source-generated, since trimmed and ahead-of-time compiled applications have no reflection-based JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ImageScoreJson))]
internal sealed partial class ImageScoreContext : JsonSerializerContext;
