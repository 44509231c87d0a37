using System.Text.Json;
using DeconvNet.Architecture;

namespace DeconvNet.Weights.Formats;

/// <summary>The JSON header of a safetensors file, checked for everything that the format demands.</summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The longest header that the format allows.</summary>
    public const int MaxLength = 100_000_000;

    /// <summary>Bytes before the header: its length.</summary>
    public const int PrefixLength = 8;

    private const string MetadataKey = "__metadata__";

    private readonly string source;

    private SafetensorsHeader(string source) => this.source = source;

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public List<SafetensorsEntry> Entries { get; } = [];

    /// <summary>Reads the header <paramref name="json"/> of a file that has <paramref name="dataLength"/> bytes behind it.</summary>
    /// <exception cref="InvalidDataException">The header breaks a rule of the format.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string source)
    {
        var header = new SafetensorsHeader(source);
        var reader = new Utf8JsonReader(json);
        try
        {
            header.ReadTop(ref reader);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw header.Fault(reader.BytesConsumed, $"the header is not well-formed JSON ({error.Message})", error);
        }

        header.CheckRegions(dataLength);
        return header;
    }

    private void ReadTop(ref Utf8JsonReader reader)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Begin(ref reader, JsonTokenType.StartObject, "the header");
        while (NextKey(ref reader) is { } name)
        {
            if (!names.Add(name))
                throw Fault(reader.TokenStartIndex, $"the key '{StoredName.Show(name)}' stands twice");
            if (name == MetadataKey)
                ReadMetadata(ref reader);
            else
                Entries.Add(ReadEntry(ref reader, name, StoredName.Show(name)));
        }

        // Only white space may follow; anything else throws here.
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Begin(ref reader, JsonTokenType.StartObject, MetadataKey);
        while (NextKey(ref reader) is { } key)
        {
            Begin(ref reader, JsonTokenType.String, $"{MetadataKey} '{StoredName.Show(key)}'");
            if (!Metadata.TryAdd(key, reader.GetString()!))
                throw Fault(reader.TokenStartIndex, $"the key '{StoredName.Show(key)}' stands twice in {MetadataKey}");
        }
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name, string shown)
    {
        Begin(ref reader, JsonTokenType.StartObject, $"tensor '{shown}'");
        var start = reader.TokenStartIndex;
        WeightType? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (NextKey(ref reader) is { } key)
        {
            var isRepeated = key switch { "dtype" => type is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false };
            if (isRepeated)
                throw Fault(reader.TokenStartIndex, $"'{key}' stands twice in tensor '{shown}'");
            switch (key)
            {
                case "dtype":
                    Begin(ref reader, JsonTokenType.String, $"dtype of '{shown}'");
                    type = WeightTypes.Parse(reader.GetString())
                        ?? throw Fault(reader.TokenStartIndex, $"tensor '{shown}' has the unknown dtype '{StoredName.Show(reader.GetString()!)}'; known are {string.Join(", ", Enum.GetValues<WeightType>().Select(WeightTypes.Code))}");
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader, $"shape of '{shown}'");
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref reader, $"data_offsets of '{shown}'");
                    break;
                default:
                    throw Fault(reader.TokenStartIndex, $"tensor '{shown}' has the unknown key '{StoredName.Show(key)}'; expected were dtype, shape, data_offsets");
            }
        }

        if (type is not { } known || shape is null || offsets is not [var begin, var end])
            throw Fault(start, $"tensor '{shown}' needs dtype, shape and two data_offsets");
        if (begin > end)
            throw Fault(start, $"tensor '{shown}' ends at {end}, before its start {begin}");
        if (WeightShape.Count([.. shape, known.Size()]) is not { } bytes || bytes != end - begin)
            throw Fault(start, $"tensor '{shown}' of type {known.Code()} and shape {WeightShape.Text(shape)} does not take the {end - begin} bytes of its data_offsets");
        return new SafetensorsEntry(name, known, shape, begin, end);
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string what)
    {
        var numbers = new List<long>();
        Begin(ref reader, JsonTokenType.StartArray, what);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw Fault(reader.TokenStartIndex, $"{what} must hold whole numbers from 0 to 2^63 - 1");
            numbers.Add(number);
        }

        return numbers;
    }

    private void Begin(ref Utf8JsonReader reader, JsonTokenType expected, string what)
    {
        reader.Read();
        if (reader.TokenType != expected)
            throw Fault(reader.TokenStartIndex, $"{what} begins with {reader.TokenType}; expected was {expected}");
    }

    private static string? NextKey(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.EndObject ? null : reader.GetString();
    }

    private void CheckRegions(long dataLength)
    {
        Entries.Sort((one, other) => (one.Begin, one.End).CompareTo((other.Begin, other.End)));
        var position = 0L;
        foreach (var entry in Entries)
        {
            if (entry.Begin != position)
                throw Fault(0, $"tensor '{StoredName.Show(entry.Name)}' begins at data byte {entry.Begin}; expected was {position}, the end of the one before ({(entry.Begin < position ? "they overlap" : "there is a gap")})");
            position = entry.End;
        }

        if (position != dataLength)
            throw Fault(0, $"the tensors take {position} bytes of data, the file holds {dataLength} ({(position > dataLength ? "it is cut short" : "bytes are left over")})");
    }

    private InvalidDataException Fault(long position, string what, Exception? inner = null) =>
        new($"{source}, byte {PrefixLength + position}: {what}.", inner);
}
