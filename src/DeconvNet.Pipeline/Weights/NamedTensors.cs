using System.Globalization;
using DeconvNet.Architecture;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>The tensors of a file by normalized name, whichever framework wrote them, without the names of wrapping modules.</summary>
internal sealed class NamedTensors
{
    private const int MaxPrefixes = 8;

    // Default epsilons of the frameworks, which few files store.
    private const double PyTorchEpsilon = 1e-5;
    private const double KerasEpsilon = 1e-3;

    // PyTorch's wrapper modules, which occur before a name or, if a part of a model is wrapped, inside it.
    private static readonly string[] Wrappers = ["module", "_orig_mod"];

    // Loss modules, whose weights are class weights.
    private static readonly string[] Losses = ["criterion", "loss", "loss_fn", "loss_function"];

    private readonly Dictionary<string, NamedTensor> byKey = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">Two tensors have the same normalized name.</exception>
    public NamedTensors(WeightsFile file)
    {
        File = file;
        (StoredTensor Tensor, WeightName? Name)[] named = [.. file.Tensors.Select(tensor => (tensor, Parse(tensor.Name)))];
        var kernels = named.Where(entry => entry.Name is not null && entry.Tensor.Shape.Count > 1).Select(entry => entry.Name!.Layer).ToArray();
        var prefix = CommonPrefix(kernels.Length > 0 ? kernels : [.. named.Where(entry => entry.Name is not null).Select(entry => entry.Name!.Layer)]);
        foreach (var (tensor, name) in named)
        {
            if (name?.Part == "num_batches_tracked")
                continue;

            // Data beside the network: counters, strings, generator states, class weights.
            var isKernel = tensor.IsFloating && tensor.Shape.Count > 1;
            if (name is null || !name.Layer.StartsWith(prefix, StringComparison.Ordinal) || Losses.Contains(name.Layer[prefix.Length..]))
            {
                (isKernel ? Others : Bystanders).Add(tensor);
                continue;
            }

            var plain = new NamedTensor(tensor, name with { Layer = name.Layer[prefix.Length..] });
            if (!byKey.TryAdd(plain.Name.Key, plain))
                throw new InvalidDataException($"{file.Name}: the tensors '{byKey[plain.Name.Key].Tensor.Name}' and '{tensor.Name}' have one place in the network, {plain.Name.Key}.");
        }
    }

    public WeightsFile File { get; }

    /// <summary>Kernels and matrices with unrecognized names.</summary>
    public List<StoredTensor> Others { get; } = [];

    /// <summary>Tensors that are not weights of layers.</summary>
    public List<StoredTensor> Bystanders { get; } = [];

    public IEnumerable<NamedTensor> All => byKey.Values;

    /// <summary>Epsilon of batch norm with statistics: from the file, or else the default of the framework whose names it uses.</summary>
    /// <exception cref="InvalidDataException">The epsilons differ, or one is out of range.</exception>
    public double NormEpsilon => File.BatchNormEpsilons switch
    {
        [] => All.Any(entry => entry.Name is { IsKeras: true, Part: "running_var" }) ? KerasEpsilon : PyTorchEpsilon,
        [>= 0 and <= 0.1 and var one] => one,
        var others => throw new InvalidDataException(
            $"{File.Name}: the batch norms add {string.Join(", ", others.Take(5).Select(number => number.ToString(CultureInfo.InvariantCulture)))} to variances; expected one number from 0 to 0.1 for all."),
    };

    public bool Contains(string key) => byKey.ContainsKey(key);

    /// <summary>The tensor with the given normalized name, such as <c>conv1_1.weight</c>.</summary>
    public NamedTensor? Find(string key) => byKey.TryGetValue(key, out var found) ? found : null;

    /// <summary>The tensor of a slot.</summary>
    public NamedTensor? Find(WeightSlot slot) => Find(WeightName.Normalize(slot.Name));

    private static WeightName? Parse(string name) =>
        WeightName.Parse(name) is { } parsed ? parsed with { Layer = string.Join('.', parsed.Layer.Split('.').Where(part => !Wrappers.Contains(part))) } : null;

    // Length of the prefix, in dotted words, that all layers share because of wrapping modules.
    private static int Length(string[] layers)
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

    private static string CommonPrefix(string[] layers) => layers.Length == 0 ? "" : layers[0][..Length(layers)];
}
