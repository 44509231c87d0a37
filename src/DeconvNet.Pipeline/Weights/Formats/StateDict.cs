using System.Globalization;

namespace DeconvNet.Weights.Formats;

/// <summary>Finds the tensors in a pickle: a dictionary of tensors, possibly inside a checkpoint with epoch, optimizer state and so on.</summary>
internal static class StateDict
{
    private const int MaxDepth = 16;
    private const int MaxVisits = 200_000;
    private const int MaxNameLength = 1024;

    // Names in nested dictionaries are joined, so a small file could produce many long names.
    private const int MaxCharacters = 1 << 23;

    // In order of preference, if a checkpoint has several.
    private static readonly string[] Wrappers = ["state_dict", "model_state_dict", "model_state", "model", "net", "network", "module", "weights", "params"];

    /// <summary>The tensors by name, in order; names in nested dictionaries are joined with dots.</summary>
    /// <exception cref="InvalidDataException">There is no dictionary of tensors, several ambiguous ones, or they are nested too deep.</exception>
    public static IReadOnlyList<(string Name, PickledTensor Tensor)> Find(object? root, string source)
    {
        var dict = root as PickledDict
            ?? throw new InvalidDataException($"{source}: the checkpoint holds {Describe(root)}; expected a dictionary of tensors, such as model.state_dict().");
        for (var depth = 0; depth <= MaxDepth; depth++)
        {
            // A known key takes precedence over tensors beside it, such as best_acc1, rng_state or class weights.
            if (Wrapped(dict) is { } inner)
                dict = inner;
            else if (dict.HasTensors)
                break;
            else
                dict = SingleWithTensors(dict) ?? throw new InvalidDataException(
                    $"{source}: the checkpoint has no dictionary of tensors under one of the keys {string.Join(", ", Wrappers)}, nor exactly one elsewhere; it has the keys {Keys(dict)}.");
        }

        if (!dict.HasTensors)
            throw TooDeep();
        var found = new Dictionary<string, PickledTensor>(StringComparer.Ordinal);
        var (visits, characters) = (0, 0L);
        Collect(dict, "", 0);
        return [.. found.Select(pair => (pair.Key, pair.Value))];

        void Collect(PickledDict part, string prefix, int depth)
        {
            if (depth > MaxDepth)
                throw TooDeep();
            foreach (var (key, value) in part.Pairs)
            {
                // The same dictionary may be referenced in many places, so a small file can represent a huge tree.
                if (++visits > MaxVisits)
                    throw new InvalidDataException($"{source}: the checkpoint has more than {MaxVisits} entries.");
                var name = prefix + Name(key);
                if (name.Length > MaxNameLength)
                    throw new InvalidDataException($"{source}: a name in the checkpoint has {name.Length} characters, '{StoredName.Show(name)}'; expected at most {MaxNameLength}.");
                if ((characters += name.Length) > MaxCharacters)
                    throw new InvalidDataException($"{source}: the names of the checkpoint have more than {MaxCharacters} characters.");
                if (value is PickledTensor tensor)
                    found[name] = tensor;
                else if (value is PickledDict inner)
                    Collect(inner, name + ".", depth + 1);
            }
        }

        InvalidDataException TooDeep() => new($"{source}: the dictionaries of the checkpoint are nested more than {MaxDepth} deep.");
    }

    private static PickledDict? Wrapped(PickledDict dict) => Wrappers.Select(wrapper => dict.Find(wrapper) as PickledDict).FirstOrDefault(known => known is not null && LeadsToTensors(known, []));

    // The same dictionary may be referenced in many places; each is visited once.
    private static bool LeadsToTensors(PickledDict dict, HashSet<PickledDict> seen) =>
        dict.HasTensors || SingleWithTensors(dict) is not null
        || (seen.Add(dict) && Wrappers.Any(wrapper => dict.Find(wrapper) is PickledDict known && seen.Count <= MaxDepth * Wrappers.Length && LeadsToTensors(known, seen)));

    private static PickledDict? SingleWithTensors(PickledDict dict)
    {
        var candidates = dict.Pairs.Select(pair => pair.Value).OfType<PickledDict>().Where(inner => inner.HasTensors).Take(2).ToArray();
        return candidates.Length == 1 ? candidates[0] : null;
    }

    private static string Keys(PickledDict dict) => string.Join(", ", dict.Pairs.Take(20).Select(pair => $"'{StoredName.Show(Name(pair.Key))}'"));

    private static string Name(object? key) => key as string ?? (key is long number ? number.ToString(CultureInfo.InvariantCulture) : "?");

    private static string Describe(object? value) => value switch
    {
        null => "nothing",
        PickledTensor => "a single tensor without a name",
        PickledList or object?[] => "a list",
        string => "a text",
        PickledBytes => "bytes",
        _ => "a number",
    };
}
