using System.Text.Json;
using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Files;

/// <summary>The JSON format of a <see cref="ProposalFile"/>. Instances are readers.</summary>
internal sealed class ProposalJson
{
    private const string Format = "proposals";
    private const int Version = 1;

    private readonly JsonStream json;
    private readonly Dictionary<string, IReadOnlyList<Proposal>> images = [];

    private ProposalJson(Stream stream) => json = new JsonStream(stream);

    /// <summary>Whether a file starts like a JSON object.</summary>
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
            var reader = new ProposalJson(stream);
            reader.ReadFile();
            return reader.images;
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"'{path}' is not JSON: {fault.Message.TrimEnd('.')}.", fault);
        }
        catch (FormatException fault)
        {
            throw new InvalidDataException($"'{path}': {fault.Message}.", fault);
        }
    }

    private void ReadFile()
    {
        json.Read();
        ReadMembers("the file", ["format", "version", "images"], name =>
        {
            if (name == "format" && !(json.Type == JsonTokenType.String && json.Text("'format'") == Format))
                throw new FormatException($"'format' is not \"{Format}\"");
            if (name == "version" && !(json.TryNumber(out double version) && version == Version))
                throw new FormatException($"'version' is not {Version}");
            if (name == "images")
                ReadItems("images", i => ReadImage($"images[{i}]"));
        });
        json.Read();
    }

    private void ReadImage(string place)
    {
        var (id, proposals) = ("", new List<Proposal>());
        if (json.Type != JsonTokenType.StartObject)
            throw new FormatException($"{place} is not a JSON object");

        ReadMembers(place, ["id", "proposals"], name =>
        {
            if (name == "proposals")
                ReadItems($"{place}.proposals", i => proposals.Add(ReadProposal() ?? throw new FormatException(
                    $"{place}.proposals[{i}] is no [x0, y0, x1, y1, score] of a box with pixels and a finite score")));
            else if (json.Type != JsonTokenType.String || !ProposalFile.IsId(id = json.Text($"the id of {place}")))
                throw new FormatException($"{place} has an id that is not text, is empty, or has line breaks or outer blanks");
        });
        if (!images.TryAdd(id, proposals))
            throw new FormatException($"{place} has the id '{id}', which occurs twice");
    }

    private Proposal? ReadProposal()
    {
        Span<int> corners = stackalloc int[4];
        var isSound = json.Type == JsonTokenType.StartArray;
        for (var i = 0; isSound && i < corners.Length; i++)
        {
            // Some programs write integers as 1.0.
            double number = 0;
            isSound = json.Read() && json.TryNumber(out number) && number >= int.MinValue && number <= int.MaxValue && Math.Floor(number) == number;
            if (isSound)
                corners[i] = (int)number;
        }

        var score = 0f;
        isSound = isSound && json.Read() && json.TryNumber(out score) && json.Read() && json.Type == JsonTokenType.EndArray;
        var proposal = new Proposal(new PixelBox(corners[0], corners[1], corners[2], corners[3]), score);
        return isSound && ProposalFile.IsSound(proposal) ? proposal : null;
    }

    /// <summary>Reads the members of the object that starts here; each expected member must occur exactly once, others are skipped.</summary>
    private void ReadMembers(string place, string[] expected, Action<string> read)
    {
        var found = new HashSet<string>();
        while (json.Read() && json.Type == JsonTokenType.PropertyName)
        {
            var name = json.Text($"a name in {place}");
            json.Read();
            if (!expected.Contains(name))
            {
                json.Skip();
                continue;
            }

            if (!found.Add(name))
                throw new JsonException($"the member '{name}' of {place} occurs twice");

            read(name);
        }

        if (expected.FirstOrDefault(name => !found.Contains(name)) is { } missing)
            throw new FormatException($"{place} has no member '{missing}'");
    }

    private void ReadItems(string place, Action<int> read)
    {
        if (json.Type != JsonTokenType.StartArray)
            throw new FormatException($"'{place}' is not a JSON array");

        for (var i = 0; json.Read() && json.Type != JsonTokenType.EndArray; i++)
            read(i);
    }
}
