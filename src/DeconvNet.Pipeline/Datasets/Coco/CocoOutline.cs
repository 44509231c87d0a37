using System.Text.Json;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Masks;

namespace DeconvNet.Datasets.Coco;

/// <summary>Reads the outline of an annotation: polygons, run lengths, or compressed run lengths.</summary>
internal static class CocoOutline
{
    /// <param name="annotation">The annotation's JSON.</param>
    /// <param name="size">Size of its image.</param>
    /// <exception cref="FormatException">There is no outline, or it does not fit the image.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static BinaryMask Read(ReadOnlyMemory<byte> annotation, ImageSize size)
    {
        using var json = JsonDocument.Parse(annotation);
        if (!json.RootElement.TryGetProperty("segmentation", out var outline))
            throw new FormatException("it has no segmentation");
        switch (outline.ValueKind)
        {
            case JsonValueKind.Array when outline.GetArrayLength() > 0:
                var polygons = new FilledPolygons(size);
                foreach (var polygon in outline.EnumerateArray())
                    polygons.Add(Numbers(polygon, "a polygon", element => element.GetDouble()));
                return polygons.ToMask();
            case JsonValueKind.Object when outline.TryGetProperty("size", out var stated) && outline.TryGetProperty("counts", out var counts):
                if (Numbers(stated, "size", Whole) is not [var height, var width] || height != size.Height || width != size.Width)
                    throw new FormatException($"its size is {stated.GetRawText()}; the image has [{size.Height}, {size.Width}]");
                return (counts.ValueKind == JsonValueKind.String
                    ? CocoRunLengths.Parse(size, Text(counts))
                    : CocoRunLengths.FromCounts(size, Numbers(counts, "counts", Whole))).ToMask();
            default:
                throw new FormatException("its segmentation is neither a list of polygons nor an object with size and counts");
        }
    }

    // Some tools write 640.0.
    private static long Whole(JsonElement number) =>
        number.TryGetInt64(out var value) ? value
        : number.GetDouble() is var real && Math.Abs(real) < 1e15 && Math.Floor(real) == real ? (long)real
        : throw new FormatException($"{number.GetRawText()} is no whole number");

    private static string Text(JsonElement counts)
    {
        try
        {
            return counts.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new FormatException("counts holds half a surrogate pair, or bytes that are no UTF-8", error);
        }
    }

    private static T[] Numbers<T>(JsonElement list, string what, Func<JsonElement, T> number) =>
        list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(element => element.ValueKind == JsonValueKind.Number)
            ? [.. list.EnumerateArray().Select(number)]
            : throw new FormatException($"{what} is no list of numbers");
}
