using DeconvNet.Architecture;

namespace DeconvNet.Weights.Formats;

/// <summary>
/// The tensors of a PyTorch checkpoint: views into storages in the file. Each view is validated against its storage
/// before any value is read.
/// </summary>
internal sealed class PyTorchTensors : ITensorReader
{
    // Tensors may share a storage; a file that does so excessively would take far more memory than its size.
    private const int MaxSharing = 4;

    private readonly Stream stream;
    private readonly string source;
    private readonly bool isBigEndian;
    private readonly IReadOnlyDictionary<string, (long Start, long Length)> storages;
    private readonly IReadOnlyList<(string Name, PickledTensor Tensor)> entries;

    /// <param name="stream">The file.</param>
    /// <param name="source">Name in error messages.</param>
    /// <param name="entries">The tensors.</param>
    /// <param name="storages">Position in the stream and length in bytes of each storage, by key.</param>
    /// <param name="isBigEndian">Whether values are big-endian.</param>
    public PyTorchTensors(
        Stream stream,
        string source,
        IReadOnlyList<(string Name, PickledTensor Tensor)> entries,
        IReadOnlyDictionary<string, (long Start, long Length)> storages,
        bool isBigEndian)
    {
        this.stream = stream;
        this.source = source;
        this.entries = entries;
        this.storages = storages;
        this.isBigEndian = isBigEndian;
        foreach (var (name, tensor) in entries)
            Check(name, tensor);
        Tensors = [.. entries.Select(entry => new StoredTensor(
            entry.Name, entry.Tensor.Storage.Type, entry.Tensor.Layout.Shape, entry.Tensor.Storage.TypeName, Repeats(entry.Tensor) ? "its values repeat a few that are stored; save tensor.contiguous()" : null))];

        var stored = entries.Select(entry => entry.Tensor.Storage).DistinctBy(storage => storage.Key).Aggregate(Int128.Zero, (sum, storage) => sum + storage.Count);
        var used = Tensors.Where(tensor => tensor.IsReadable).Aggregate(Int128.Zero, (sum, tensor) => sum + tensor.Count);
        if (used > MaxSharing * stored)
            throw new InvalidDataException($"{source}: the tensors have {used} values that share {stored} in the file; expected at most {MaxSharing} times as many.");
    }

    public IReadOnlyList<StoredTensor> Tensors { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    public void Read(int index, Span<float> values)
    {
        var (name, tensor) = entries[index];
        if (values.Length == 0)
            return;
        var size = tensor.Storage.Size;
        var region = tensor.Layout.Last!.Value + 1;
        var what = $"{source}, tensor '{StoredName.Show(name)}'";
        using var data = new StreamRange(stream, storages[tensor.Storage.Key].Start + (tensor.Offset * size), region * size);
        if (tensor.Layout.IsRowMajor)
        {
            WeightValues.Read(data, tensor.Storage.Type, isBigEndian, values, what);
            return;
        }

        if (region > Array.MaxLength)
            throw new InvalidDataException($"{what}: it is spread over {region} values of its storage; expected at most {Array.MaxLength}.");
        var inFile = new float[region];
        WeightValues.Read(data, tensor.Storage.Type, isBigEndian, inFile, what);
        tensor.Layout.Gather(inFile, values);
    }

    /// <summary>Whether zero strides repeat values, as with torch.Tensor.expand; a single value could become any amount of memory.</summary>
    private static bool Repeats(PickledTensor tensor) => WeightShape.Count(tensor.Layout.Shape) > tensor.Storage.Count;

    private void Check(string name, PickledTensor tensor)
    {
        var (storage, layout) = (tensor.Storage, tensor.Layout);
        if (!storages.TryGetValue(storage.Key, out var place))
            throw Fault("its storage is not in the file");
        if (place.Length / storage.Size != storage.Count || place.Length % storage.Size != 0)
            throw Fault($"its storage has {place.Length} bytes; {storage.Count} values of {storage.Size} bytes were announced");
        var count = layout.Shape.Count == layout.Strides.Count ? WeightShape.Count(layout.Shape) : null;
        if (count is null || tensor.Offset < 0 || layout.Last is not { } last || tensor.Offset > storage.Count || last >= storage.Count - tensor.Offset)
            throw Fault($"shape {WeightShape.Text(layout.Shape)}, strides {WeightShape.Text(layout.Strides)} and offset {tensor.Offset} leave its storage of {storage.Count} values");

        InvalidDataException Fault(string what) => new($"{source}, tensor '{StoredName.Show(name)}': {what}.");
    }
}
