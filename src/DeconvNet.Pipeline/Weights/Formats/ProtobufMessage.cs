using System.Text;

namespace DeconvNet.Weights.Formats;

/// <summary>
/// A Protocol Buffers message, built field by field. Its length is known before anything is written, as the wire format requires;
/// weights are streamed from their source without a copy.
/// </summary>
internal sealed class ProtobufMessage
{
    private readonly List<Action<Stream>> parts = [];

    /// <summary>Length of the message in bytes.</summary>
    public long Length { get; private set; }

    public ProtobufMessage Add(int field, long value) => AddBytes([.. Tag(field, WireType.Varint), .. Varint((ulong)value)]);

    public ProtobufMessage Add(int field, float value) => AddBytes([.. Tag(field, WireType.Fixed32), .. BitConverter.GetBytes(value)]);

    public ProtobufMessage Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    public ProtobufMessage Add(int field, byte[] value)
    {
        AddBytes([.. Tag(field, WireType.Bytes), .. Varint((ulong)value.Length)]);
        return AddBytes(value);
    }

    public ProtobufMessage Add(int field, ProtobufMessage message)
    {
        AddBytes([.. Tag(field, WireType.Bytes), .. Varint((ulong)message.Length)]);
        return AddPart(message.Length, message.WriteTo);
    }

    /// <summary>Adds packed 32-bit values.</summary>
    /// <param name="field">Field number.</param>
    /// <param name="count">Number of values.</param>
    /// <param name="write">Writes the values to the stream.</param>
    public ProtobufMessage Add(int field, long count, Action<Stream> write)
    {
        AddBytes([.. Tag(field, WireType.Bytes), .. Varint((ulong)count * sizeof(float))]);
        return AddPart(count * sizeof(float), write);
    }

    public void WriteTo(Stream stream)
    {
        foreach (var write in parts)
            write(stream);
    }

    private ProtobufMessage AddBytes(byte[] bytes) => AddPart(bytes.Length, stream => stream.Write(bytes));

    private ProtobufMessage AddPart(long length, Action<Stream> write)
    {
        Length += length;
        parts.Add(write);
        return this;
    }

    private static byte[] Tag(int field, WireType wire) => Varint(((ulong)field << 3) | (ulong)wire);

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value > 127; value >>= 7)
            bytes.Add((byte)(value | 128));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
