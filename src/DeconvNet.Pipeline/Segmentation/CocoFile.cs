using System.Text.Json;

namespace DeconvNet.Segmentation;

/// <summary>Writes results as a COCO instances file, for annotation tools and pycocotools.</summary>
public static class CocoFile
{
    /// <summary>
    /// Writes the regions of photos: <c>images</c>, <c>categories</c> (all classes except background, with their ids) and <c>annotations</c> with box, area, outline and, if scores
    /// were kept, <c>score</c>. Regions without holes are stored as polygons, others as compressed run lengths, since COCO's polygons cannot have holes.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced atomically.</param>
    /// <param name="results">File names of the photos, as they are to appear in the file, with their results; all with the same classes. Enumerated once.</param>
    /// <param name="minFraction">Minimum area of a region as a fraction of its photo, 0 … 1; smaller ones are left out.</param>
    /// <param name="tolerance">Maximum deviation of simplified polygons in pixels, at least 0.</param>
    /// <exception cref="ArgumentException">There are no results, or their classes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(
        string path,
        IEnumerable<KeyValuePair<string, SegmentationResult>> results,
        double minFraction = SegmentationResult.SpeckFraction,
        double tolerance = 1)
    {
        ArgumentNullException.ThrowIfNull(results);
        AtomicFile.Write(path, stream => Save(stream, results, minFraction, tolerance));
    }

    /// <summary>Writes the file to a stream; see <see cref="Save(string, IEnumerable{KeyValuePair{string, SegmentationResult}}, double, double)"/>.</summary>
    /// <param name="stream">The stream to write to; it is left open.</param>
    /// <param name="results">File names of photos with their results.</param>
    /// <param name="minFraction">Minimum area of a region as a fraction of its photo.</param>
    /// <param name="tolerance">Maximum deviation of simplified polygons in pixels.</param>
    public static void Save(
        Stream stream,
        IEnumerable<KeyValuePair<string, SegmentationResult>> results,
        double minFraction = SegmentationResult.SpeckFraction,
        double tolerance = 1)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(results);

        // Images precede annotations in the file but arrive together with them, so annotations are buffered as text.
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
