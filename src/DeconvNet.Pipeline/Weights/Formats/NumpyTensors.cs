using DeconvNet.Architecture;

namespace DeconvNet.Weights.Formats;

/// <summary>NumPy arrays: one in a <c>.npy</c> file, any number in a <c>.npz</c> archive, compressed or not.</summary>
internal sealed class NumpyTensors : ITensorReader
{
    public const string Extension = ".npy";

    private readonly string source;
    private readonly List<(NpyHeader Header, Func<Stream> Open)> arrays = [];
    private readonly List<StoredTensor> tensors = [];

    private NumpyTensors(string source) => this.source = source;

    public IReadOnlyList<StoredTensor> Tensors => tensors;

    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    public static NumpyTensors OpenArray(Stream stream, string source)
    {
        var (start, length) = (stream.Position, stream.Length - stream.Position);
        var file = new NumpyTensors(source);
        file.Add(Path.GetFileNameWithoutExtension(source), length, () => new StreamRange(stream, start, length));
        return file;
    }

    public static NumpyTensors OpenArchive(ZipDirectory zip, string source)
    {
        var file = new NumpyTensors(source);
        foreach (var entry in zip.Entries)
            file.Add(entry.Name[..^Extension.Length], entry.Length, () => zip.Open(entry));
        return file;
    }

    public void Read(int index, Span<float> values)
    {
        var (header, open) = arrays[index];
        var what = $"{source}, array '{tensors[index].Name}'";
        using var stream = open();
        if (stream.CanSeek)
            stream.Position = header.Length;
        else
            NpyHeader.Read(stream, what);

        if (header.Layout.IsRowMajor)
        {
            WeightValues.Read(stream, header.Type, header.IsBigEndian, values, what);
            return;
        }

        var inFile = new float[values.Length];
        WeightValues.Read(stream, header.Type, header.IsBigEndian, inFile, what);
        header.Layout.Gather(inFile, values);
    }

    private void Add(string name, long length, Func<Stream> open)
    {
        var what = $"{source}, array '{StoredName.Show(name)}'";
        using var stream = open();
        var header = NpyHeader.Read(stream, what);
        var tensor = new StoredTensor(name, header.Type, header.Layout.Shape, header.TypeName, header.Unreadable);
        if (header.Size is { } size && tensor.Count * size != length - header.Length)
            throw new InvalidDataException($"{what}: {length - header.Length} bytes of values are there; the type {tensor.TypeName} and the shape {WeightShape.Text(tensor.Shape)} take {tensor.Count * size}.");
        tensors.Add(tensor);
        arrays.Add((header, open));
    }
}
