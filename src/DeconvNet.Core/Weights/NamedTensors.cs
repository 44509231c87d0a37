namespace DeconvNet.Weights;

/// <summary>The tensors of a file by what their names say, whoever wrote them; prefixes of wrapping modules are dropped.</summary>
internal sealed class NamedTensors
{
    private const string ParallelPrefix = "module.";
    private const int MaxPrefixes = 8;

    private readonly Dictionary<string, (StoredTensor Tensor, WeightName Name)> byKey = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">Two tensors have the same place.</exception>
    public NamedTensors(WeightsFile file, string source)
    {
        File = file;
        (StoredTensor Tensor, WeightName? Name)[] named = [.. file.Tensors.Select(tensor => (tensor, WeightName.Parse(tensor.Name)))];
        var prefix = CommonPrefix([.. named.Where(entry => entry.Name is not null).Select(entry => WithoutParallel(entry.Name!.Layer))]);
        foreach (var (tensor, name) in named)
        {
            if (name?.Part == "num_batches_tracked")
                continue;
            if (name is null)
            {
                Others.Add(tensor);
                continue;
            }

            var plain = name with { Layer = WithoutParallel(name.Layer)[prefix..] };
            if (!byKey.TryAdd(plain.Key, (tensor, plain)))
                throw new InvalidDataException($"{source}: the tensors '{byKey[plain.Key].Tensor.Name}' and '{tensor.Name}' have one place in the network, {plain.Key}.");
        }
    }

    public WeightsFile File { get; }

    /// <summary>Tensors whose names say nothing.</summary>
    public List<StoredTensor> Others { get; } = [];

    public IEnumerable<(StoredTensor Tensor, WeightName Name)> All => byKey.Values;

    public bool Contains(string key) => byKey.ContainsKey(key);

    /// <summary>The tensor of that place, such as <c>conv1_1.weight</c>.</summary>
    public (StoredTensor Tensor, WeightName Name)? Find(string key) => byKey.TryGetValue(key, out var found) ? found : null;

    private static string WithoutParallel(string layer)
    {
        for (var i = 0; i < MaxPrefixes && layer.StartsWith(ParallelPrefix, StringComparison.Ordinal); i++)
            layer = layer[ParallelPrefix.Length..];
        return layer;
    }

    // Length of the leading words with their dots that all layers share, as wrapping modules give them.
    private static int CommonPrefix(string[] layers)
    {
        var length = 0;
        for (var i = 0; i < MaxPrefixes && layers.Length > 0; i++)
        {
            var dot = layers[0].IndexOf('.', length);
            if (dot < 0 || !layers.All(layer => layer.AsSpan().StartsWith(layers[0].AsSpan(0, dot + 1), StringComparison.Ordinal)))
                break;
            length = dot + 1;
        }

        return length;
    }
}
