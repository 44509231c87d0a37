using System.Text.Json;

namespace DeconvNet.Segmentation;

/// <summary>Writes results as a COCO instances file, which annotation tools and pycocotools read.</summary>
public static class CocoFile
{
    /// <summary>
    /// Writes the regions of photos: <c>images</c>, <c>categories</c> (all classes but background, under their ids) and <c>annotations</c> with box, area, outline and, where the scores
    /// were kept, <c>score</c>. A region without holes has a polygon, one with holes compressed run lengths, since COCO's polygons have none.
    /// </summary>
    /// <param name="path">The file; an older one is replaced as a whole or not at all.</param>
    /// <param name="results">File names of photos, as the file is to name them, with their results; all of the same classes. Read once.</param>
    /// <param name="minFraction">Regions of a smaller fraction of their photo are left out, 0 … 1.</param>
    /// <param name="tolerance">By how many pixels polygons may be simplified, at least 0.</param>
    /// <exception cref="ArgumentException">There is no result, or their classes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(
        string path,
        IEnumerable<KeyValuePair<string, SegmentationResult>> results,
        double minFraction = SegmentationResult.SpeckFraction,
        double tolerance = 1)
    {
        ArgumentNullException.ThrowIfNull(results);
        AtomicFile.Write(path, stream => Write(stream, results, minFraction, tolerance));
    }

    /// <summary>Writes the same to a stream; see <see cref="Save"/>.</summary>
    /// <param name="stream">Receives the file, not disposed.</param>
    /// <param name="results">File names of photos with their results.</param>
    /// <param name="minFraction">The smallest region, as a fraction of its photo.</param>
    /// <param name="tolerance">By how many pixels polygons may be simplified.</param>
    public static void Write(
        Stream stream,
        IEnumerable<KeyValuePair<string, SegmentationResult>> results,
        double minFraction = SegmentationResult.SpeckFraction,
        double tolerance = 1)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(results);

        // Images stand before annotations in the file but come with them: the annotations wait, as text.
        using var waiting = new MemoryStream();
        using var annotations = new Utf8JsonWriter(waiting);
        using var json = new Utf8JsonWriter(stream);
        IReadOnlyList<string>? names = null;
        var (image, annotation) = (0, 0);
        json.WriteStartObject();
        json.WriteStartArray("images");
        annotations.WriteStartArray();
        foreach (var (file, result) in results)
        {
            names ??= result.ClassNames;
            if (!names.SequenceEqual(result.ClassNames))
                throw new ArgumentException($"The result of '{file}' has the classes {string.Join(", ", result.ClassNames)}; those before it have {string.Join(", ", names)}.", nameof(results));
            json.WriteStartObject();
            json.WriteNumber("id", ++image);
            json.WriteString("file_name", file);
            json.WriteNumber("width", result.Labels.Width);
            json.WriteNumber("height", result.Labels.Height);
            json.WriteEndObject();
            foreach (var region in result.Regions(minFraction))
                WriteAnnotation(annotations, ++annotation, image, region, tolerance);
        }

        if (names is null)
            throw new ArgumentException("There is no result to write.", nameof(results));

        json.WriteEndArray();
        json.WriteStartArray("categories");
        for (var id = 1; id < names.Count; id++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("name", names[id]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        annotations.WriteEndArray();
        annotations.Flush();
        json.WritePropertyName("annotations");
        json.WriteRawValue(waiting.GetBuffer().AsSpan(0, (int)waiting.Length), skipInputValidation: true);
        json.WriteEndObject();
    }

    private static void WriteAnnotation(Utf8JsonWriter json, int id, int image, Region region, double tolerance)
    {
        json.WriteStartObject();
        json.WriteNumber("id", id);
        json.WriteNumber("image_id", image);
        json.WriteNumber("category_id", region.ClassId);
        json.WriteNumber("iscrowd", 0);
        json.WriteNumber("area", region.Area);
        json.WriteStartArray("bbox");
        foreach (var number in (ReadOnlySpan<int>)[region.Box.X0, region.Box.Y0, region.Box.Width, region.Box.Height])
            json.WriteNumberValue(number);
        json.WriteEndArray();
        if (region.Confidence is { } confidence)
            json.WriteNumber("score", Math.Round(confidence, 4));
        json.WritePropertyName("segmentation");
        WriteOutline(json, region, tolerance);
        json.WriteEndObject();
    }

    private static void WriteOutline(Utf8JsonWriter json, Region region, double tolerance)
    {
        var outline = region.Outline(tolerance);
        if (outline.Holes.Count > 0)
        {
            var runs = region.ToRunLengths();
            json.WriteStartObject();
            json.WriteStartArray("size");
            json.WriteNumberValue(runs.Size.Height);
            json.WriteNumberValue(runs.Size.Width);
            json.WriteEndArray();
            json.WriteString("counts", runs.ToCompressedString());
            json.WriteEndObject();
            return;
        }

        json.WriteStartArray();
        json.WriteStartArray();
        foreach (var point in outline.Outer)
        {
            json.WriteNumberValue(point.X);
            json.WriteNumberValue(point.Y);
        }

        json.WriteEndArray();
        json.WriteEndArray();
    }
}
