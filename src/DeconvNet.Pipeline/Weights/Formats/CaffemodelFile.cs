using System.Runtime.InteropServices;

namespace DeconvNet.Weights.Formats;

/// <summary>
/// A Caffe model file (<c>NetParameter</c>): the layers are listed when it is opened, their values are read when asked for,
/// so that memory holds one blob at a time. Reads both forms, <c>layers</c> (field 2, of the DeconvNet authors' time) and
/// <c>layer</c> (field 100), both forms of blob shapes, and 32- and 64-bit values.
/// </summary>
internal sealed partial class CaffemodelFile
{
    private const int ChunkLength = 1 << 16;

    private readonly ProtobufReader reader;

    /// <param name="stream">The file, from its position to its end; it stays open.</param>
    /// <param name="source">Name in error messages.</param>
    /// <exception cref="InvalidDataException">The file is damaged or no caffemodel; the message names the byte.</exception>
    public CaffemodelFile(Stream stream, string source)
    {
        reader = new ProtobufReader(stream, source);
        (Name, Layers) = ReadNet();
    }

    /// <summary>The net's name; empty where the file gives none.</summary>
    public string Name { get; }

    /// <summary>The layers in the file's order; names may repeat.</summary>
    public IReadOnlyList<CaffeLayer> Layers { get; }

    /// <summary>Reads the values of a blob as 32-bit values.</summary>
    /// <param name="blob">A blob of one of <see cref="Layers"/> of this file.</param>
    /// <param name="values">Receives the values, row-major; as many as <see cref="CaffeBlob.Count"/>.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    /// <exception cref="InvalidDataException">The file changed since it was opened.</exception>
    public void Read(CaffeBlob blob, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(blob);
        if (values.Length != blob.Count)
            throw new ArgumentException($"The blob has {blob.Count} values; a span of {values.Length} was given.", nameof(values));

        var wanted = blob.IsDouble ? BlobField.DoubleData : BlobField.Data;
        var buffer = new byte[Math.Min(ChunkLength, values.Length * 8L)];
        reader.Position = blob.Begin;
        while (reader.NextField(blob.End, out var field, out var wire))
        {
            if (field != wanted)
            {
                reader.Skip(wire, blob.End);
                continue;
            }

            var size = blob.IsDouble ? sizeof(double) : sizeof(float);
            var bytes = wire == WireType.Bytes ? reader.ReadEnd(wire, blob.End) - reader.Position : size;
            if (bytes / size > values.Length)
                throw reader.Fault("the blob has more values than when the file was opened");
            Read(values[..(int)(bytes / size)], blob.IsDouble, buffer);
            values = values[(int)(bytes / size)..];
        }

        if (values.Length > 0)
            throw reader.Fault("the blob has fewer values than when the file was opened");
    }

    private void Read(Span<float> values, bool isDouble, byte[] buffer)
    {
        if (!isDouble)
        {
            reader.ReadExactly(MemoryMarshal.AsBytes(values));
            return;
        }

        while (values.Length > 0)
        {
            var part = Math.Min(values.Length, buffer.Length / sizeof(double));
            var doubles = MemoryMarshal.Cast<byte, double>(buffer);
            reader.ReadExactly(buffer.AsSpan(0, part * sizeof(double)));
            for (var i = 0; i < part; i++)
                values[i] = (float)doubles[i];
            values = values[part..];
        }
    }
}
