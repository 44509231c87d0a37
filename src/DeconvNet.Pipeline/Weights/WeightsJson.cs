using System.Text.Json;
using System.Text.Json.Serialization;
using DeconvNet.Architecture;
using DeconvNet.Imaging;

namespace DeconvNet.Weights;

/// <summary>JSON serialization of options, class names and information in the header of the library's files.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    Converters = [typeof(PreprocessingJson), typeof(LayerChannelsJson)])]
[JsonSerializable(typeof(DeconvNetOptions))]
[JsonSerializable(typeof(FcnOptions))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(WeightsInfo))]
internal sealed partial class WeightsJson : JsonSerializerContext;

/// <summary>
/// A preprocessing as <c>{"order", "scale", "mean0", "mean1", "mean2"}</c>; the scale is one number, or three if the planes differ.
/// </summary>
internal sealed class PreprocessingJson : JsonConverter<Preprocessing>
{
    public override Preprocessing Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var properties = json.RootElement;
        if (properties.ValueKind != JsonValueKind.Object)
            throw new JsonException($"the preprocessing is {properties.ValueKind}; expected an object.");
        if (properties.EnumerateObject().FirstOrDefault(property => property.Name is not ("order" or "scale" or "mean0" or "mean1" or "mean2")) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
            throw new JsonException($"the preprocessing has the unknown property '{unknown.Name}'.");
        var order = Property("order");
        if (order.ValueKind != JsonValueKind.String || !Enum.TryParse<ChannelOrder>(order.GetString(), ignoreCase: true, out var known) || !Enum.IsDefined(known))
            throw new JsonException($"the order of channels is {order}; expected Rgb or Bgr.");
        var scale = Property("scale");
        return new()
        {
            Order = known,
            Scale = scale.ValueKind != JsonValueKind.Array ? ChannelValues.All(Number(scale))
                : scale.GetArrayLength() == 3 ? new(Number(scale[0]), Number(scale[1]), Number(scale[2]))
                : throw new JsonException("the scale of the preprocessing is neither one number nor three."),
            Mean = new(Number(Property("mean0")), Number(Property("mean1")), Number(Property("mean2"))),
        };

        JsonElement Property(string name) => properties.TryGetProperty(name, out var value) ? value : throw new JsonException($"the preprocessing lacks '{name}'.");

        static float Number(JsonElement value) => value.ValueKind != JsonValueKind.Number ? throw new JsonException($"the preprocessing holds {value}; expected a number.")
            : value.TryGetSingle(out var number) && float.IsFinite(number) ? number
            : throw new JsonException($"the preprocessing holds {value}, which is not finite in 32 bits.");
    }

    public override void Write(Utf8JsonWriter writer, Preprocessing value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("order", value.Order.ToString());
        if (value.Scale == ChannelValues.All(value.Scale.Plane0))
        {
            writer.WriteNumber("scale", value.Scale.Plane0);
        }
        else
        {
            writer.WriteStartArray("scale");
            for (var plane = 0; plane < 3; plane++)
                writer.WriteNumberValue(value.Scale[plane]);
            writer.WriteEndArray();
        }

        for (var plane = 0; plane < 3; plane++)
            writer.WriteNumber($"mean{plane}", value.Mean[plane]);
        writer.WriteEndObject();
    }
}

/// <summary>Channels of layers as an array of numbers.</summary>
internal sealed class LayerChannelsJson : JsonConverter<LayerChannels>
{
    private const int MaxCount = 1000;

    public override LayerChannels Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var channels = new List<int>();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("the channels are not an array.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var count) || channels.Count == MaxCount)
                throw new JsonException($"the channels hold something other than at most {MaxCount} whole numbers.");
            channels.Add(count);
        }

        return [.. channels];
    }

    public override void Write(Utf8JsonWriter writer, LayerChannels value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var count in value)
            writer.WriteNumberValue(count);
        writer.WriteEndArray();
    }
}
