namespace DeconvNet.Weights.Formats;

/// <summary>A safetensors file as one of several formats.</summary>
internal sealed class SafetensorsTensors : ITensorReader
{
    private readonly SafetensorsFile file;
    private readonly string source;

    public SafetensorsTensors(Stream stream, string source)
    {
        this.source = source;
        file = SafetensorsFile.Open(stream, source, leaveOpen: true);
        Tensors = [.. file.Entries.Select(entry => new StoredTensor(entry.Name, entry.Type, entry.Shape))];
    }

    public IReadOnlyList<StoredTensor> Tensors { get; }

    public IReadOnlyDictionary<string, string> Metadata => file.Metadata;

    public void Read(int index, Span<float> values)
    {
        var entry = file.Entries[index];
        if (entry.Type.IsFloating())
        {
            file.Read(entry, values);
            return;
        }

        if (entry.Count > Array.MaxLength / entry.Type.Size())
            throw new InvalidDataException($"{source}: tensor '{entry.Name}' of whole numbers takes more than 2 GB.");
        var bytes = new byte[entry.Count * entry.Type.Size()];
        file.ReadBytes(entry, bytes);
        WeightValues.Convert(bytes, entry.Type, values);
    }

    public void Dispose() => file.Dispose();
}
