using System.Globalization;
using DeconvNet.Architecture;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>The tensors of a file by what their names say, whoever wrote them; prefixes of wrapping modules are dropped.</summary>
internal sealed class NamedTensors
{
    private const string ParallelPrefix = "module.";
    private const int MaxPrefixes = 8;

    // Defaults of the frameworks, which few files name.
    private const double PyTorchEpsilon = 1e-5;
    private const double KerasEpsilon = 1e-3;

    private readonly string source;

    private readonly Dictionary<string, (StoredTensor Tensor, WeightName Name)> byKey = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">Two tensors have the same place.</exception>
    public NamedTensors(WeightsFile file, string source)
    {
        File = file;
        this.source = source;
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

    /// <summary>What batch norm with statistics adds to the variance: what the file says, else the habit of the framework whose names it has.</summary>
    /// <exception cref="InvalidDataException">It differs from norm to norm, or is no sensible number.</exception>
    public double NormEpsilon => File.BatchNormEpsilons switch
    {
        [] => All.Any(entry => entry.Name is { IsKeras: true, Part: "running_var" }) ? KerasEpsilon : PyTorchEpsilon,
        [>= 0 and <= 0.1 and var one] => one,
        var others => throw new InvalidDataException(
            $"{source}: the batch norms add {string.Join(", ", others.Take(5).Select(number => number.ToString(CultureInfo.InvariantCulture)))} to variances; expected was one number from 0 to 0.1 for all."),
    };

    /// <summary>Where the values lie for the network: Keras has kernels as [k, k, in, out], those of deconvolutions as [k, k, out, in].</summary>
    public static StridedLayout LayoutOf((StoredTensor Tensor, WeightName Name) entry)
    {
        var layout = StridedLayout.RowMajor(entry.Tensor.Shape);
        return entry.Name.IsKeras && layout.Shape.Count == 4 ? layout.Permute(3, 2, 0, 1) : layout;
    }

    /// <summary>The shape for the network. Old caffemodels write a vector as [1, 1, 1, n] (bias) or [1, n, 1, 1] (batch norm).</summary>
    public static IReadOnlyList<long> ShapeFor(WeightSlot slot, (StoredTensor Tensor, WeightName Name) entry)
    {
        var shape = LayoutOf(entry).Shape;
        return slot.Shape.Count == 1 && shape.Count(side => side != 1) <= 1 ? [entry.Tensor.Count] : shape;
    }

    /// <summary>The tensor of that place in a network.</summary>
    public (StoredTensor Tensor, WeightName Name)? Find(WeightSlot slot) => Find(WeightName.Normalize(slot.Name));

    /// <exception cref="InvalidDataException">The tensor is of whole numbers.</exception>
    public void ExpectFloating(StoredTensor tensor)
    {
        if (!tensor.Type.IsFloating())
            throw new InvalidDataException($"{source}: tensor '{StoredName.Show(tensor.Name)}' has the type {tensor.Type.Code()}; expected was a floating type.");
    }

    /// <summary>Reads a tensor in the order of <see cref="LayoutOf"/>.</summary>
    public void Read((StoredTensor Tensor, WeightName Name) entry, Span<float> values)
    {
        var layout = LayoutOf(entry);
        if (layout.IsRowMajor)
        {
            File.Read(entry.Tensor, values);
            return;
        }

        var inFile = new float[values.Length];
        File.Read(entry.Tensor, inFile);
        layout.Gather(inFile, values);
    }

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
