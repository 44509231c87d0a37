using System.Text.Json;
using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Files;

/// <summary>The JSON form of a <see cref="ProposalFile"/>.</summary>
internal static class ProposalJson
{
    private const string Format = "proposals";
    private const int Version = 1;

    /// <summary>Whether a file starts as a JSON object does.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> start)
    {
        var text = start.StartsWith("\uFEFF"u8) ? start["\uFEFF"u8.Length..] : start;
        return text.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
    }

    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, IReadOnlyList<Proposal>>> images)
    {
        using var writer = new Utf8JsonWriter(stream);
        writer.WriteStartObject();
        writer.WriteString("format", Format);
        writer.WriteNumber("version", Version);
        writer.WriteStartArray("images");
        foreach (var (id, list) in images)
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteStartArray("proposals");
            foreach (var (box, score) in list)
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(box.X0);
                writer.WriteNumberValue(box.Y0);
                writer.WriteNumberValue(box.X1);
                writer.WriteNumberValue(box.Y1);
                writer.WriteNumberValue(score);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.Flush();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static Dictionary<string, IReadOnlyList<Proposal>> Read(Stream stream, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Images(document.RootElement);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"'{path}' is no JSON: {fault.Message}", fault);
        }
        catch (FormatException fault)
        {
            throw new InvalidDataException($"'{path}': {fault.Message}.", fault);
        }
    }

    private static Dictionary<string, IReadOnlyList<Proposal>> Images(JsonElement root)
    {
        if (Text(root, "format", "the file") != Format)
            throw new FormatException($"'format' is another than '{Format}'");
        if (!Member(root, "version", JsonValueKind.Number, "the file").TryGetInt32(out var version) || version != Version)
            throw new FormatException($"'version' is another than {Version}");

        var images = new Dictionary<string, IReadOnlyList<Proposal>>();
        foreach (var (place, image) in Member(root, "images", JsonValueKind.Array, "the file").EnumerateArray().Index())
        {
            var id = Text(image, "id", $"images[{place}]");
            if (!ProposalFile.IsId(id))
                throw new FormatException($"images[{place}] has an id that is empty or has line breaks or outer blanks");

            var proposals = Member(image, "proposals", JsonValueKind.Array, $"images[{place}]").EnumerateArray()
                .Select((values, rank) => Parse(values) ?? throw new FormatException(
                    $"images[{place}].proposals[{rank}] is no [x0, y0, x1, y1, score] of a box with pixels and a finite score"));
            if (!images.TryAdd(id, [.. proposals]))
                throw new FormatException($"images[{place}] has the id '{id}', which occurs twice");
        }

        return images;
    }

    private static Proposal? Parse(JsonElement values)
    {
        if (values.ValueKind != JsonValueKind.Array || values.GetArrayLength() != 5 || values.EnumerateArray().Any(value => value.ValueKind != JsonValueKind.Number)
            || !values[0].TryGetInt32(out var x0) || !values[1].TryGetInt32(out var y0) || !values[2].TryGetInt32(out var x1) || !values[3].TryGetInt32(out var y1)
            || !values[4].TryGetSingle(out var score))
            return null;

        var proposal = new Proposal(new PixelBox(x0, y0, x1, y1), score);
        return ProposalFile.IsSound(proposal) ? proposal : null;
    }

    private static JsonElement Member(JsonElement parent, string name, JsonValueKind kind, string place) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind == kind
            ? member
            : throw new FormatException($"{place} has no member '{name}' that is a JSON {kind}");

    private static string Text(JsonElement parent, string name, string place)
    {
        try
        {
            return Member(parent, name, JsonValueKind.String, place).GetString()!;
        }
        catch (InvalidOperationException fault)
        {
            throw new FormatException($"'{name}' of {place} is no text: half a surrogate pair or bytes that are no UTF-8", fault);
        }
    }
}
