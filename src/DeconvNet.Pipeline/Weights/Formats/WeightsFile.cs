namespace DeconvNet.Weights.Formats;

/// <summary>
/// A file of named tensors in any supported format, which is detected from the content. Everything is validated on opening;
/// values are read one tensor at a time. Nothing in a file is ever executed. Not thread-safe.
/// </summary>
public sealed class WeightsFile : IDisposable
{
    private readonly Stream? owned;
    private readonly ITensorReader reader;
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    private WeightsFile(Stream stream, string name, Stream? owned)
    {
        this.owned = owned;
        Name = name;
        Length = stream.Length - stream.Position;
        (Format, reader) = WeightsFormats.Open(stream, name);
        for (var i = 0; i < reader.Tensors.Count; i++)
        {
            if (!places.TryAdd(reader.Tensors[i].Name, i))
                throw new InvalidDataException($"{name}: there are two tensors '{StoredName.Show(reader.Tensors[i].Name)}'.");
        }
    }

    /// <summary>Name in error messages: the path, or the name given for a stream.</summary>
    public string Name { get; }

    /// <summary>Size of the file in bytes.</summary>
    public long Length { get; }

    /// <summary>The format.</summary>
    public WeightsFormat Format { get; }

    /// <summary>The tensors, in file order.</summary>
    public IReadOnlyList<StoredTensor> Tensors => reader.Tensors;

    /// <summary>Strings beside the tensors: the <c>__metadata__</c> of a safetensors header, the <c>name</c> of a caffemodel; otherwise empty.</summary>
    public IReadOnlyDictionary<string, string> Metadata => reader.Metadata;

    /// <summary>The distinct batch norm epsilons in the file; empty if the format does not store them.</summary>
    internal IReadOnlyList<double> BatchNormEpsilons => reader.BatchNormEpsilons;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The path is a folder, or the file is damaged, in an unknown format, or contains objects other than tensors, dictionaries, lists, numbers and strings.</exception>
    public static WeightsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Directory.Exists(path)
            ? throw new InvalidDataException($"{path} is a folder; name a weights file in it.")
            : Open(File.OpenRead(path), path);
    }

    /// <summary>Opens a stream, from its current position to its end.</summary>
    /// <param name="stream">The stream. If it cannot seek (a download, a decompressor), it is first copied to a temporary file.</param>
    /// <param name="name">Name in error messages; also the name of a single NumPy array, without folder and extension.</param>
    /// <param name="leaveOpen">Whether the stream is left open when this object is disposed.</param>
    /// <exception cref="InvalidDataException">As for a path; the stream is closed then, unless it is to be left open.</exception>
    public static WeightsFile Open(Stream stream, string name, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var owned = leaveOpen ? null : stream;
        try
        {
            if (!stream.CanSeek)
            {
                using var source = owned;
                stream = owned = CopyToTemporaryFile(stream);
            }

            return new WeightsFile(stream, name, owned);
        }
        catch
        {
            owned?.Dispose();
            throw;
        }
    }

    /// <summary>The tensor with the given name; <see langword="null"/> if there is none.</summary>
    public StoredTensor? Find(string name) => places.TryGetValue(name, out var place) ? Tensors[place] : null;

    /// <summary>Reads a tensor of any type as 32-bit floating point; integers and 64-bit values are rounded.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="values">Destination, row-major, of length <see cref="StoredTensor.Count"/>.</param>
    /// <exception cref="ArgumentException">The length differs, or the tensor belongs to another file.</exception>
    /// <exception cref="InvalidDataException">The values have an unsupported type (<see cref="StoredTensor.IsReadable"/>) or are damaged, or the file changed since it was opened.</exception>
    public void Read(StoredTensor tensor, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!ReferenceEquals(Find(tensor.Name), tensor))
            throw new ArgumentException($"The tensor '{tensor.Name}' is not of this file.", nameof(tensor));
        if (tensor.Unreadable is { } reason)
            throw new InvalidDataException($"{Name}, tensor '{StoredName.Show(tensor.Name)}': {reason}.");
        if (values.Length != tensor.Count)
            throw new ArgumentException($"The tensor '{tensor.Name}' has {tensor.Count} values; a span of {values.Length} was given.", nameof(values));
        reader.Read(places[tensor.Name], values);
    }

    /// <inheritdoc/>
    public void Dispose() => owned?.Dispose();

    /// <summary>Copies the rest of the stream to a temporary file that is deleted when closed.</summary>
    private static FileStream CopyToTemporaryFile(Stream stream)
    {
        var path = Path.Combine(Path.GetTempPath(), $"deconvnet-{Path.GetRandomFileName()}");
        var copy = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            stream.CopyTo(copy);
            copy.Position = 0;
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }
}
