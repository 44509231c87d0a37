using System.Buffers.Binary;

namespace DeconvNet.Weights.Formats;

/// <summary>The safetensors format (github.com/huggingface/safetensors): a JSON header with type, shape and offsets of each tensor, followed by the values.</summary>
internal sealed partial class SafetensorsFile : ITensorReader
{
    private readonly Stream stream;
    private readonly string source;
    private readonly long dataStart;
    private readonly SafetensorsHeader header;

    /// <param name="stream">The file, from its current position to its end; it is left open.</param>
    /// <param name="source">Name in error messages.</param>
    /// <exception cref="InvalidDataException">The file violates the format: length or JSON of the header, a repeated key, a size
    /// that does not match type and shape, regions that overlap, leave gaps or do not fill the file.</exception>
    public SafetensorsFile(Stream stream, string source)
    {
        this.stream = stream;
        this.source = source;
        header = ReadHeader(stream, source);
        dataStart = stream.Position;
        Tensors = [.. header.Entries.Select(entry => entry.Tensor)];
    }

    public IReadOnlyList<StoredTensor> Tensors { get; }

    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    public void Read(int index, Span<float> values)
    {
        var (tensor, begin, _) = header.Entries[index];
        stream.Position = dataStart + begin;
        WeightValues.Read(stream, tensor.Type, isBigEndian: false, values, $"{source}, tensor '{StoredName.Show(tensor.Name)}'");
    }

    private static SafetensorsHeader ReadHeader(Stream stream, string source)
    {
        var available = stream.Length - stream.Position;
        if (available < SafetensorsHeader.PrefixLength)
            throw new InvalidDataException($"{source}, byte 0: {available} bytes are left where a safetensors file begins with 8 that hold the length of its header.");

        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
        stream.ReadExactly(prefix);
        available -= prefix.Length;
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaxLength || (long)length > available)
            throw new InvalidDataException($"{source}, byte 0: the header claims {length} bytes; the format allows {SafetensorsHeader.MaxLength} and the file has {available} left.");

        var json = new byte[length];
        stream.ReadExactly(json);
        return SafetensorsHeader.Parse(json, available - (long)length, source);
    }
}
