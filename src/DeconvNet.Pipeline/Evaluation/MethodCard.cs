using System.Text.Json;
using System.Text.Json.Serialization;

namespace DeconvNet.Evaluation;

/// <summary>What the results of a method depend on; kept beside them.</summary>
internal sealed record MethodCard(string Name, string Description, IReadOnlyList<string> ClassNames)
{
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    public static MethodCard Load(string path)
    {
        try
        {
            using var file = InputFile.Open(path, "the description of a method");
            if (JsonSerializer.Deserialize(file, MethodCardJson.Default.MethodCard) is { Name: not null, Description: not null, ClassNames: { Count: > 0 } names } card
                && names.All(name => name is not null))
            {
                return card;
            }
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} does not describe a method: {fault.Message}", fault);
        }

        throw new InvalidDataException($"{path} does not describe a method: expected Name, Description and ClassNames.");
    }

    public void Save(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, MethodCardJson.Default.MethodCard));

    /// <exception cref="InvalidDataException">The results were made in another way.</exception>
    public void RequireEqual(MethodCard other, string path)
    {
        if (Description != other.Description)
            throw new InvalidDataException($"{path}: the results there are of \"{Description}\", not of \"{other.Description}\". Use another folder.");
        if (!ClassNames.SequenceEqual(other.ClassNames))
            throw new InvalidDataException($"{path}: the results there have the classes {string.Join(", ", ClassNames)}, not {string.Join(", ", other.ClassNames)}. Use another folder.");
    }
}

// Generated, since an application that is trimmed or compiled ahead of time has no reflection for JSON.
[JsonSerializable(typeof(MethodCard))]
[JsonSourceGenerationOptions(WriteIndented = true)]
internal sealed partial class MethodCardJson : JsonSerializerContext;
