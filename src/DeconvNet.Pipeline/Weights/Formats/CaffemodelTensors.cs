using DeconvNet.Architecture;

namespace DeconvNet.Weights.Formats;

/// <summary>
/// The tensors of a caffemodel: blob 0 of a layer is its <c>weight</c>, blob 1 its <c>bias</c>. A pair of <c>BatchNorm</c> and <c>Scale</c> layers of
/// later Caffe versions becomes one batch norm, with four arrays and the name that it has in the DeconvNet authors' layer table.
/// </summary>
internal sealed class CaffemodelTensors : ITensorReader
{
    private const string BatchNormType = "BatchNorm";
    private const string ScaleType = "Scale";

    private static readonly string[] BlobNames = ["weight", "bias"];

    private static readonly Dictionary<string, string> NormNames = LayerTable.Create(DeconvNetOptions.Paper)
        .Where(row => row.BatchNorm is not null)
        .ToDictionary(row => row.Name, row => row.BatchNorm!, StringComparer.Ordinal);

    private readonly CaffemodelFile file;
    private readonly List<(CaffeBlob Values, CaffeBlob? Divisor)> blobs = [];
    private readonly List<StoredTensor> tensors = [];

    public CaffemodelTensors(Stream stream, string source)
    {
        file = new CaffemodelFile(stream, source);
        var layers = new HashSet<string>(StringComparer.Ordinal);
        string? norm = null;
        foreach (var layer in file.Layers)
        {
            // A batch norm belongs to the preceding layer: Caffe stores layers in order of computation.
            if (layer.Type == BatchNormType)
                norm ??= layer.Name;
            var name = layer.Type is BatchNormType or ScaleType ? norm ?? layer.Name : layer.Name;
            if (layer.Type != BatchNormType)
                norm = NormNames.GetValueOrDefault(layer.Name);
            if (layer.Blobs.Count == 0)
                continue;
            if (!layers.Add(layer.Name))
                throw new InvalidDataException($"{source}: there are two layers '{layer.Name}' with weights.");
            if (layer.Type == BatchNormType)
                AddStatistics(name, layer, source);
            else
                AddBlobs(name, layer);
        }

        BatchNormEpsilons = [.. file.Layers.Where(layer => layer is { Type: BatchNormType, Blobs.Count: > 0 }).Select(layer => layer.BatchNormEpsilon ?? 1e-5).Distinct()];
        if (file.Name.Length > 0)
            Metadata = new Dictionary<string, string> { ["name"] = file.Name };
    }

    public IReadOnlyList<StoredTensor> Tensors => tensors;

    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    public IReadOnlyList<double> BatchNormEpsilons { get; }

    public void Read(int index, Span<float> values)
    {
        var (blob, divisor) = blobs[index];
        file.Read(blob, values);
        if (divisor is null)
            return;

        // The statistics are sums with a decaying weight; as in Caffe, a weight of 0 means that there are none.
        Span<float> weight = stackalloc float[1];
        file.Read(divisor, weight);
        var factor = weight[0] == 0 ? 0 : 1 / weight[0];
        foreach (ref var value in values)
            value *= factor;
    }

    private void AddStatistics(string norm, CaffeLayer layer, string source)
    {
        if (layer.Blobs is not [var mean, var variance, { Count: 1 } divisor])
        {
            var found = string.Join(", ", layer.Blobs.Select(blob => WeightShape.Text(blob.Shape)));
            throw new InvalidDataException($"{source}: the layer '{layer.Name}' of type {BatchNormType} has blobs of the shapes {found}; expected mean, variance and one value that divides them.");
        }

        Add($"{norm}.running_mean", mean, divisor);
        Add($"{norm}.running_var", variance, divisor);
    }

    private void AddBlobs(string name, CaffeLayer layer)
    {
        for (var i = 0; i < layer.Blobs.Count; i++)
            Add($"{name}.{(i < BlobNames.Length ? BlobNames[i] : $"blob{i}")}", layer.Blobs[i], divisor: null);
    }

    private void Add(string name, CaffeBlob values, CaffeBlob? divisor)
    {
        blobs.Add((values, divisor));
        tensors.Add(new(name, values.IsDouble ? WeightType.F64 : WeightType.F32, values.Shape));
    }
}
