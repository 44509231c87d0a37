namespace DeconvNet.Weights;

/// <summary>A caffemodel as one of several formats: blob 0 of a layer is its <c>weight</c>, blob 1 its <c>bias</c>.</summary>
internal sealed class CaffemodelTensors : ITensorReader
{
    private static readonly string[] BlobNames = ["weight", "bias"];

    private readonly CaffemodelFile file;
    private readonly List<CaffeBlob> blobs = [];

    public CaffemodelTensors(Stream stream, string source)
    {
        file = CaffemodelFile.Open(stream, source, leaveOpen: true);
        var layers = new HashSet<string>(StringComparer.Ordinal);
        var tensors = new List<StoredTensor>();
        foreach (var layer in file.Layers.Where(layer => layer.Blobs.Count > 0))
        {
            if (!layers.Add(layer.Name))
                throw new InvalidDataException($"{source}: there are two layers '{layer.Name}' with weights.");
            for (var i = 0; i < layer.Blobs.Count; i++)
            {
                var blob = layer.Blobs[i];
                blobs.Add(blob);
                tensors.Add(new($"{layer.Name}.{(i < BlobNames.Length ? BlobNames[i] : $"blob{i}")}", blob.IsDouble ? WeightType.F64 : WeightType.F32, blob.Shape));
            }
        }

        Tensors = tensors;
        if (file.Name.Length > 0)
            Metadata = new Dictionary<string, string> { ["name"] = file.Name };
    }

    public IReadOnlyList<StoredTensor> Tensors { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    public void Read(int index, Span<float> values) => file.Read(blobs[index], values);

    public void Dispose() => file.Dispose();
}
