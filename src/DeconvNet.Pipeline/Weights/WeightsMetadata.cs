using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using DeconvNet.Architecture;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>
/// The metadata in the header of the library's safetensors files, from which a model can be rebuilt:
/// <c>deconvnet.format</c>, <c>deconvnet.options</c>, <c>deconvnet.classes</c> and <c>deconvnet.info</c>, the last three as JSON,
/// and <c>deconvnet.network</c> with the value <c>fcn</c> for an FCN.
/// </summary>
internal static class WeightsMetadata
{
    /// <summary>The key that every file of the library has.</summary>
    internal const string VersionKey = "deconvnet.format";

    private const string Prefix = "deconvnet.";
    private const string Version = "1";
    private const string NetworkKey = "deconvnet.network";
    private const string OptionsKey = "deconvnet.options";
    private const string ClassesKey = "deconvnet.classes";
    private const string Fcn = "fcn";
    private const string InfoKey = "deconvnet.info";

    public static Dictionary<string, string> Write(INetworkOptions options, IReadOnlyList<string> classNames, WeightsInfo info)
    {
        info.Validate();
        var strings = new Dictionary<string, string>
        {
            [VersionKey] = Version,
            [OptionsKey] = OptionsText(options),
            [ClassesKey] = JsonSerializer.Serialize([.. classNames], WeightsJson.Default.StringArray),
            [InfoKey] = JsonSerializer.Serialize(info, WeightsJson.Default.WeightsInfo),
        };
        if (options is FcnOptions)
            strings.Add(NetworkKey, Fcn);
        return strings;
    }

    /// <summary>The options of a network as JSON.</summary>
    public static string OptionsText(INetworkOptions options) => JsonSerializer.Serialize(options, options.GetType(), WeightsJson.Default);

    /// <summary>Whether the file has any of the metadata, and so was written by this library.</summary>
    public static bool IsIn(WeightsFile file) => file.Format == WeightsFormat.Safetensors && file.Metadata.Keys.Any(key => key.StartsWith(Prefix, StringComparison.Ordinal));

    /// <summary>Whether the file is for an <c>FcnModel</c>.</summary>
    public static bool IsForFcn(IReadOnlyDictionary<string, string> metadata) => metadata.GetValueOrDefault(NetworkKey) == Fcn;

    /// <summary>Reads the options of either kind of network.</summary>
    /// <exception cref="InvalidDataException">As for <see cref="Read"/>.</exception>
    public static INetworkOptions ReadOptions(IReadOnlyDictionary<string, string> metadata, string source) =>
        IsForFcn(metadata) ? Read<FcnOptions>(metadata, source).Options : Read<DeconvNetOptions>(metadata, source).Options;

    /// <exception cref="InvalidDataException">Metadata is missing or damaged, or an option is out of range.</exception>
    public static (T Options, string[] ClassNames, WeightsInfo Info) Read<T>(IReadOnlyDictionary<string, string> metadata, string source)
        where T : class, INetworkOptions, new()
    {
        var version = Required(VersionKey);
        if (version != Version)
            throw new InvalidDataException($"{source}: {VersionKey} is '{version}'; this version of the library reads '{Version}'.");

        var isFcn = IsForFcn(metadata);
        if (isFcn != (typeof(T) == typeof(FcnOptions)))
            throw new InvalidDataException($"{source}: the file is for {(isFcn ? "an FCN; FcnModel.Load reads it" : "a DeconvNet; DeconvNetModel.Load reads it")}.");

        var options = Parse(OptionsKey, (JsonTypeInfo<T>)WeightsJson.Default.GetTypeInfo(typeof(T))!, new T());
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

        try
        {
            info.Validate();
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{source}: {InfoKey}: {error.Message}", error);
        }

        if (classNames.Length != options.ClassCount || classNames.Contains(null))
            throw new InvalidDataException($"{source}: {ClassesKey} has {classNames.Length} names; the network has {options.ClassCount} classes.");
        return (options, classNames, info);

        string Required(string key) => metadata.GetValueOrDefault(key)
            ?? throw new InvalidDataException($"{source}: the header has no '{key}'. Only files saved by DeconvNetModel.Save and FcnModel.Save say what network and preprocessing they are for.");

        TValue Parse<TValue>(string key, JsonTypeInfo<TValue> type, TValue? defaults = null)
            where TValue : class
        {
            try
            {
                var stored = JsonNode.Parse(Required(key), documentOptions: new() { AllowDuplicateProperties = false });
                if (key == InfoKey)
                    Modernize(stored);
                return JsonSerializer.Deserialize(WithDefaults(stored, defaults, type), type) ?? throw new JsonException("It is null.");
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException)
            {
                // A lone surrogate is well-formed JSON but not valid text, which gives the second exception.
                throw new InvalidDataException($"{source}: {key} cannot be read: {error.Message}", error);
            }
        }
    }

    // Files of earlier versions spell the license differently, and have figures without their number of images, which say too little to be kept.
    private static void Modernize(JsonNode? info)
    {
        if (info is not JsonObject properties)
            return;
        if (properties.Remove("licence", out var license))
            properties.TryAdd("license", license);
        if (properties["metrics"] is not JsonObject metrics)
            return;
        foreach (var name in metrics.Where(entry => entry.Value?.GetValueKind() == JsonValueKind.Number).Select(entry => entry.Key).ToList())
            metrics.Remove(name);
    }

    // The serializer sets missing properties to null or zero instead of the type's defaults.
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
