using System.Text.Json;
using DeconvNet.Imaging;

namespace DeconvNet.Datasets.Coco;

/// <summary>Reads the outline of an annotation: polygons, run lengths, or compressed run lengths.</summary>
internal static class CocoOutline
{
    /// <param name="annotation">The annotation's JSON.</param>
    /// <param name="size">Size of its image.</param>
    /// <exception cref="FormatException">There is no outline, or it does not fit the image.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static ColumnMask Read(ReadOnlyMemory<byte> annotation, ImageSize size)
    {
        using var json = JsonDocument.Parse(annotation);
        if (!json.RootElement.TryGetProperty("segmentation", out var outline))
            throw new FormatException("it has no segmentation");
        var mask = new ColumnMask(size);
        switch (outline.ValueKind)
        {
            case JsonValueKind.Array when outline.GetArrayLength() > 0:
                foreach (var polygon in outline.EnumerateArray())
                    mask.AddPolygon(Numbers(polygon, "a polygon", element => element.GetDouble()));
                return mask;
            case JsonValueKind.Object when outline.TryGetProperty("size", out var stated) && outline.TryGetProperty("counts", out var counts):
                if (Numbers(stated, "size", element => element.GetInt64()) is not [var height, var width] || height != size.Height || width != size.Width)
                    throw new FormatException($"its size is {stated.GetRawText()}; the image has [{size.Height}, {size.Width}]");
                mask.AddRuns(counts.ValueKind == JsonValueKind.String ? ColumnMask.Decompress(counts.GetString()!) : Numbers(counts, "counts", element => element.GetInt64()));
                return mask;
            default:
                throw new FormatException("its segmentation is neither a list of polygons nor an object with size and counts");
        }
    }

    private static T[] Numbers<T>(JsonElement list, string what, Func<JsonElement, T> number) =>
        list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(element => element.ValueKind == JsonValueKind.Number)
            ? [.. list.EnumerateArray().Select(number)]
            : throw new FormatException($"{what} is no list of numbers");
}
