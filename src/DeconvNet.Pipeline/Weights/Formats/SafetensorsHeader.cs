using System.Text.Json;
using DeconvNet.Architecture;

namespace DeconvNet.Weights.Formats;

/// <summary>The JSON header of a safetensors file, validated completely.</summary>
internal sealed class SafetensorsHeader
{
    /// <summary>Maximum length of the header in the format.</summary>
    public const int MaxLength = 100_000_000;

    /// <summary>Size of the header's length field.</summary>
    public const int PrefixLength = 8;

    private const string MetadataKey = "__metadata__";

    // A header of 100 MB could list millions of tensors, or one with millions of dimensions, and take many times its size in memory.
    private const int MaxTensors = 100_000;
    private const int MaxAxes = 64;
    private const int MaxMetadataLength = 1 << 24;

    private readonly string source;
    private long metadataLength;

    private SafetensorsHeader(string source) => this.source = source;

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>The tensors in the order of their data, with their byte ranges after the header.</summary>
    public List<(StoredTensor Tensor, long Begin, long End)> Entries { get; } = [];

    /// <summary>Parses the header of a file with <paramref name="dataLength"/> bytes of data.</summary>
    /// <exception cref="InvalidDataException">The header violates the format.</exception>
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
            if (names.Count > MaxTensors)
                throw Fault(reader.TokenStartIndex, $"there are more than {MaxTensors} tensors");
        }

        // Throws unless only white space follows.
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Begin(ref reader, JsonTokenType.StartObject, MetadataKey);
        while (NextKey(ref reader) is { } key)
        {
            Begin(ref reader, JsonTokenType.String, $"{MetadataKey} '{StoredName.Show(key)}'");
            if ((metadataLength += key.Length + reader.ValueSpan.Length) > MaxMetadataLength || Metadata.Count >= MaxTensors)
                throw Fault(reader.TokenStartIndex, $"{MetadataKey} is longer than {MaxMetadataLength} characters or {MaxTensors} entries");
            if (!Metadata.TryAdd(key, reader.GetString()!))
                throw Fault(reader.TokenStartIndex, $"the key '{StoredName.Show(key)}' stands twice in {MetadataKey}");
        }
    }

    private (StoredTensor Tensor, long Begin, long End) ReadEntry(ref Utf8JsonReader reader, string name, string shown)
    {
        Begin(ref reader, JsonTokenType.StartObject, $"tensor '{shown}'");
        var start = reader.TokenStartIndex;
        string? dtype = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (NextKey(ref reader) is { } key)
        {
            var isRepeated = key switch { "dtype" => dtype is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false };
            if (isRepeated)
                throw Fault(reader.TokenStartIndex, $"'{key}' stands twice in tensor '{shown}'");
            switch (key)
            {
                case "dtype":
                    Begin(ref reader, JsonTokenType.String, $"dtype of '{shown}'");
                    dtype = reader.GetString()!;
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader, $"shape of '{shown}'");
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref reader, $"data_offsets of '{shown}'");
                    break;
                default:
                    throw Fault(reader.TokenStartIndex, $"tensor '{shown}' has the unknown key '{StoredName.Show(key)}'; expected dtype, shape, data_offsets");
            }
        }

        if (dtype is null || shape is null || offsets is not [var begin, var end])
            throw Fault(start, $"tensor '{shown}' needs dtype, shape and two data_offsets");
        if (begin > end)
            throw Fault(start, $"tensor '{shown}' ends at {end}, before its start {begin}");

        // The value sizes of other types are unknown.
        var type = WeightTypes.Parse(dtype);
        var bytes = WeightShape.Count(type == WeightType.Other ? shape : [.. shape, type.Size()]);
        if (bytes is null || (type != WeightType.Other && bytes != end - begin))
            throw Fault(start, $"tensor '{shown}' of type {StoredName.Show(dtype)} and shape {WeightShape.Text(shape)} does not take the {end - begin} bytes of its data_offsets");
        return (new StoredTensor(name, type, shape, dtype), begin, end);
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string what)
    {
        var numbers = new List<long>();
        Begin(ref reader, JsonTokenType.StartArray, what);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw Fault(reader.TokenStartIndex, $"{what} must hold whole numbers from 0 to 2^63 - 1");
            if (numbers.Count == MaxAxes)
                throw Fault(reader.TokenStartIndex, $"{what} holds more than {MaxAxes} numbers");
            numbers.Add(number);
        }

        return numbers;
    }

    private void Begin(ref Utf8JsonReader reader, JsonTokenType expected, string what)
    {
        reader.Read();
        if (reader.TokenType != expected)
            throw Fault(reader.TokenStartIndex, $"{what} begins with {reader.TokenType}; expected {expected}");
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
        foreach (var (tensor, begin, end) in Entries)
        {
            if (begin != position)
                throw Fault(0, $"tensor '{StoredName.Show(tensor.Name)}' begins at data byte {begin}; expected {position}, the end of the one before ({(begin < position ? "they overlap" : "there is a gap")})");
            position = end;
        }

        if (position != dataLength)
            throw Fault(0, $"the tensors take {position} bytes of data, the file holds {dataLength} ({(position > dataLength ? "it is cut short" : "bytes are left over")})");
    }

    private InvalidDataException Fault(long position, string what, Exception? inner = null) =>
        new($"{source}, byte {PrefixLength + position}: {what}.", inner);
}
