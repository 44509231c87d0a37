using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DeconvNet.Weights.Formats;

/// <summary>
/// A file of named tensors in the safetensors format (github.com/huggingface/safetensors): the header is read and checked
/// when it is opened, each tensor when it is asked for, so that memory holds one tensor at a time.
/// Not thread-safe.
/// </summary>
public sealed partial class SafetensorsFile : IDisposable
{
    private const int ChunkLength = 1 << 18;

    private readonly Stream stream;
    private readonly string source;
    private readonly bool leaveOpen;
    private readonly long dataStart;
    private readonly Dictionary<string, SafetensorsEntry> byName;

    private SafetensorsFile(Stream stream, string source, bool leaveOpen)
    {
        this.stream = stream;
        this.source = source;
        this.leaveOpen = leaveOpen;
        var start = stream.Position;
        var header = ReadHeader(stream, source);
        dataStart = stream.Position;
        Metadata = header.Metadata;
        Entries = header.Entries;
        byName = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        HeaderLength = dataStart - start;
    }

    /// <summary>The strings of the header's <c>__metadata__</c>; empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Bytes before the data of the first tensor.</summary>
    internal long HeaderLength { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file breaks a rule of the format: the header's length or JSON, a repeated key, a size
    /// that is not that of type and shape, regions that overlap, leave gaps or do not fill the file.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Open(File.OpenRead(path), path, leaveOpen: false);
    }

    /// <summary>Opens a stream, from its position to its end.</summary>
    /// <param name="stream">A stream that can seek.</param>
    /// <param name="name">How errors call it.</param>
    /// <param name="leaveOpen">Whether the stream stays open when this object is disposed.</param>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="InvalidDataException">As for a path; the stream is then closed, unless it is to stay open.</exception>
    public static SafetensorsFile Open(Stream stream, string name, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!stream.CanSeek)
            throw new ArgumentException("The stream cannot seek; copy it to a file or a MemoryStream first.", nameof(stream));
        try
        {
            return new SafetensorsFile(stream, name, leaveOpen);
        }
        catch
        {
            if (!leaveOpen)
                stream.Dispose();
            throw;
        }
    }

    /// <summary>The tensor of that name; <see langword="null"/> if there is none.</summary>
    public SafetensorsEntry? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Reads a tensor of a floating type as 32-bit values.</summary>
    /// <param name="entry">One of <see cref="Entries"/>.</param>
    /// <param name="values">Receives the values, row-major; as many as <see cref="SafetensorsEntry.Count"/>.</param>
    /// <exception cref="ArgumentException">The length is another, the tensor has an integer type, or is of another file.</exception>
    /// <exception cref="InvalidDataException">The file became shorter since it was opened.</exception>
    public void Read(SafetensorsEntry entry, Span<float> values)
    {
        Seek(entry, values.Length, entry?.Count ?? 0);
        if (!entry!.Type.IsFloating())
            throw new ArgumentException($"The tensor '{entry.Name}' holds {entry.Type.Code()}; only floating types are read as float, others with ReadBytes.", nameof(entry));
        if (entry.Type == WeightType.F32)
        {
            ReadExactly(MemoryMarshal.AsBytes(values), entry);
            return;
        }

        var buffer = new byte[Math.Min(ChunkLength, entry.End - entry.Begin)];
        for (var done = 0; done < values.Length;)
        {
            var part = values.Slice(done, Math.Min(buffer.Length / entry.Type.Size(), values.Length - done));
            var bytes = buffer.AsSpan(0, part.Length * entry.Type.Size());
            ReadExactly(bytes, entry);
            WeightValues.Convert(bytes, entry.Type, part);
            done += part.Length;
        }
    }

    /// <summary>Reads a tensor as it is stored: little-endian values of <see cref="SafetensorsEntry.Type"/>.</summary>
    /// <param name="entry">One of <see cref="Entries"/>.</param>
    /// <param name="bytes">Receives the bytes; as many as the tensor has.</param>
    /// <exception cref="ArgumentException">The length is another, or the tensor is of another file.</exception>
    /// <exception cref="InvalidDataException">The file became shorter since it was opened.</exception>
    public void ReadBytes(SafetensorsEntry entry, Span<byte> bytes)
    {
        Seek(entry, bytes.Length, entry is null ? 0 : entry.End - entry.Begin);
        ReadExactly(bytes, entry!);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!leaveOpen)
            stream.Dispose();
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

    private void Seek(SafetensorsEntry? entry, long given, long needed)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!ReferenceEquals(Find(entry.Name), entry))
            throw new ArgumentException($"The tensor '{entry.Name}' is not of this file.", nameof(entry));
        if (given != needed)
            throw new ArgumentException($"The tensor '{entry.Name}' has length {needed}; a span of {given} was given.", nameof(entry));
        stream.Position = dataStart + entry.Begin;
    }

    private void ReadExactly(Span<byte> bytes, SafetensorsEntry entry)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new InvalidDataException($"{source}, byte {stream.Position - dataStart + HeaderLength}: the file ends inside tensor '{entry.Name}'.");
    }
}
