using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using DeconvNet.Networks;

namespace DeconvNet.Weights;

/// <summary>
/// The strings in the header of our safetensors files, from which a file alone rebuilds its model:
/// <c>deconvnet.format</c>, <c>deconvnet.options</c>, <c>deconvnet.classes</c> and <c>deconvnet.info</c>, the last three as JSON.
/// </summary>
internal static class WeightsMetadata
{
    private const string Prefix = "deconvnet.";
    private const string Version = "1";
    private const string VersionKey = "deconvnet.format";
    private const string OptionsKey = "deconvnet.options";
    private const string ClassesKey = "deconvnet.classes";
    private const string InfoKey = "deconvnet.info";

    public static Dictionary<string, string> Write(DeconvNetOptions options, IReadOnlyList<string> classNames, WeightsInfo info)
    {
        if (info.Metrics.FirstOrDefault(metric => !double.IsFinite(metric.Value)) is { Key: { } name } metric)
            throw new ArgumentException($"The metric '{name}' is {metric.Value.ToString(CultureInfo.InvariantCulture)}; it must be finite.", nameof(info));
        return new()
        {
            [VersionKey] = Version,
            [OptionsKey] = JsonSerializer.Serialize(options, WeightsJson.Default.DeconvNetOptions),
            [ClassesKey] = JsonSerializer.Serialize([.. classNames], WeightsJson.Default.StringArray),
            [InfoKey] = JsonSerializer.Serialize(info, WeightsJson.Default.WeightsInfo),
        };
    }

    /// <summary>Whether any of the strings is there, so that the file is one of ours.</summary>
    public static bool IsIn(WeightsFile file) => file.Format == WeightsFormat.Safetensors && file.Metadata.Keys.Any(key => key.StartsWith(Prefix, StringComparison.Ordinal));

    /// <exception cref="InvalidDataException">A string is missing or damaged, or an option is out of range.</exception>
    public static (DeconvNetOptions Options, string[] ClassNames, WeightsInfo Info) Read(IReadOnlyDictionary<string, string> metadata, string source)
    {
        var version = Required(VersionKey);
        if (version != Version)
            throw new InvalidDataException($"{source}: {VersionKey} is '{version}'; this version of the library reads '{Version}'.");

        var options = Parse(OptionsKey, WeightsJson.Default.DeconvNetOptions, new DeconvNetOptions());
        var classNames = Parse(ClassesKey, WeightsJson.Default.StringArray);
        var info = metadata.ContainsKey(InfoKey) ? Parse(InfoKey, WeightsJson.Default.WeightsInfo, WeightsInfo.None) : WeightsInfo.None;
        try
        {
            options.Validate();
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{source}: {OptionsKey}: {error.Message}", error);
        }

        var preprocessing = options.Preprocessing;
        if (!new[] { preprocessing.Scale, preprocessing.Mean0, preprocessing.Mean1, preprocessing.Mean2 }.All(float.IsFinite))
            throw new InvalidDataException($"{source}: {OptionsKey}: the preprocessing {preprocessing} has a value that is not finite.");
        if (!Enum.IsDefined(preprocessing.Order))
            throw new InvalidDataException($"{source}: {OptionsKey}: the order of channels is {preprocessing.Order}; expected was Rgb or Bgr.");
        if (info.Metrics.FirstOrDefault(metric => !double.IsFinite(metric.Value)) is { Key: { } metric })
            throw new InvalidDataException($"{source}: {InfoKey}: the metric '{StoredName.Show(metric)}' is not finite.");
        if (classNames.Length != options.ClassCount || classNames.Contains(null))
            throw new InvalidDataException($"{source}: {ClassesKey} has {classNames.Length} names; the network has {options.ClassCount} classes.");
        return (options, classNames, info);

        string Required(string key) => metadata.GetValueOrDefault(key)
            ?? throw new InvalidDataException($"{source}: the header has no '{key}'. Only files saved by DeconvNetModel.Save say what network and preprocessing they are for.");

        T Parse<T>(string key, JsonTypeInfo<T> type, T? defaults = null)
            where T : class
        {
            try
            {
                var stored = JsonNode.Parse(Required(key), documentOptions: new() { AllowDuplicateProperties = false });
                return JsonSerializer.Deserialize(WithDefaults(stored, defaults, type), type) ?? throw new JsonException("It is null.");
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException)
            {
                // Half a surrogate pair is well-formed JSON and no text: that is the second kind.
                throw new InvalidDataException($"{source}: {key} cannot be read: {error.Message}", error);
            }
        }
    }

    // The serializer sets what is absent to null or zero, not to the default that the type gives it.
    private static JsonNode? WithDefaults<T>(JsonNode? stored, T? defaults, JsonTypeInfo<T> type)
        where T : class
    {
        if (defaults is null || stored is not JsonObject properties)
            return stored;
        var whole = JsonSerializer.SerializeToNode(defaults, type)!.AsObject();
        foreach (var (name, value) in properties)
            whole[name] = value?.DeepClone();
        return whole;
    }
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(DeconvNetOptions))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(WeightsInfo))]
internal sealed partial class WeightsJson : JsonSerializerContext;
