using System.Runtime.InteropServices;

namespace DeconvNet.Weights.Formats;

/// <summary>
/// A Caffe model file (<c>NetParameter</c>): layers are listed when it is opened, values are read on demand, so that only one blob is in
/// memory at a time. Supports both formats, <c>layers</c> (field 2, as used by the DeconvNet authors) and
/// <c>layer</c> (field 100), both forms of blob shapes, and 32- and 64-bit values.
/// </summary>
internal sealed partial class CaffemodelFile
{
    private const int ChunkLength = 1 << 16;

    private readonly ProtobufReader reader;

    /// <param name="stream">The file, from its current position to its end; it is left open.</param>
    /// <param name="source">Name in error messages.</param>
    /// <exception cref="InvalidDataException">The file is damaged or no caffemodel; the message names the byte.</exception>
    public CaffemodelFile(Stream stream, string source)
    {
        reader = new ProtobufReader(stream, source);
        (Name, Layers) = ReadNet();
    }

    /// <summary>Name of the net; empty if the file has none.</summary>
    public string Name { get; }

    /// <summary>The layers in file order; names may repeat.</summary>
    public IReadOnlyList<CaffeLayer> Layers { get; }

    /// <summary>Reads the values of a blob as 32-bit values.</summary>
    /// <param name="blob">A blob of one of <see cref="Layers"/> of this file.</param>
    /// <param name="values">Destination, row-major, of length <see cref="CaffeBlob.Count"/>.</param>
    /// <exception cref="ArgumentException">The length differs.</exception>
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
