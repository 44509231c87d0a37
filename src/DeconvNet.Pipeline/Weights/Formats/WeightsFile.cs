namespace DeconvNet.Weights.Formats;

/// <summary>
/// A file of named tensors in any format that the library reads; the content tells the format. Everything is checked when it is opened,
/// values are read one tensor at a time. Nothing in a file is ever run. Not thread-safe.
/// </summary>
public sealed class WeightsFile : IDisposable
{
    private readonly Stream stream;
    private readonly bool leaveOpen;
    private readonly ITensorReader reader;
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    private WeightsFile(Stream stream, string name, bool leaveOpen)
    {
        this.stream = stream;
        this.leaveOpen = leaveOpen;
        (Format, reader) = WeightsFormats.Open(stream, name);
        for (var i = 0; i < reader.Tensors.Count; i++)
        {
            if (!places.TryAdd(reader.Tensors[i].Name, i))
                throw new InvalidDataException($"{name}: there are two tensors '{reader.Tensors[i].Name}'.");
        }
    }

    /// <summary>The format.</summary>
    public WeightsFormat Format { get; }

    /// <summary>The tensors, in the file's order.</summary>
    public IReadOnlyList<StoredTensor> Tensors => reader.Tensors;

    /// <summary>Strings beside the tensors: a safetensors header's <c>__metadata__</c>, a caffemodel's <c>name</c>; else empty.</summary>
    public IReadOnlyDictionary<string, string> Metadata => reader.Metadata;

    /// <summary>What the batch norms of the file add to variances, each number once; empty where the format does not say.</summary>
    internal IReadOnlyList<double> BatchNormEpsilons => reader.BatchNormEpsilons;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, in another format, or holds more than tensors, dictionaries, lists, numbers and strings.</exception>
    public static WeightsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Open(File.OpenRead(path), path, leaveOpen: false);
    }

    /// <summary>Opens a stream, from its position to its end.</summary>
    /// <param name="stream">A stream that can seek.</param>
    /// <param name="name">How errors call it; a single NumPy array has it for its name, without folder and extension.</param>
    /// <param name="leaveOpen">Whether the stream stays open when this object is disposed.</param>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="InvalidDataException">As for a path; the stream is then closed, unless it is to stay open.</exception>
    public static WeightsFile Open(Stream stream, string name, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!stream.CanSeek)
            throw new ArgumentException("The stream cannot seek; copy it to a file or a MemoryStream first.", nameof(stream));
        try
        {
            return new WeightsFile(stream, name, leaveOpen);
        }
        catch
        {
            if (!leaveOpen)
                stream.Dispose();
            throw;
        }
    }

    /// <summary>The tensor of that name; <see langword="null"/> if there is none.</summary>
    public StoredTensor? Find(string name) => places.TryGetValue(name, out var place) ? Tensors[place] : null;

    /// <summary>Reads a tensor as 32-bit values, whatever its type; whole numbers and 64-bit values are rounded.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="values">Receives the values, row-major; as many as <see cref="StoredTensor.Count"/>.</param>
    /// <exception cref="ArgumentException">The length is another, or the tensor is of another file.</exception>
    /// <exception cref="InvalidDataException">The packed values are damaged, or the file changed since it was opened.</exception>
    public void Read(StoredTensor tensor, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!ReferenceEquals(Find(tensor.Name), tensor))
            throw new ArgumentException($"The tensor '{tensor.Name}' is not of this file.", nameof(tensor));
        if (values.Length != tensor.Count)
            throw new ArgumentException($"The tensor '{tensor.Name}' has {tensor.Count} values; a span of {values.Length} was given.", nameof(values));
        reader.Read(places[tensor.Name], values);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        reader.Dispose();
        if (!leaveOpen)
            stream.Dispose();
    }
}
