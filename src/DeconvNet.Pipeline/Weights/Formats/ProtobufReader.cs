using System.Buffers.Binary;
using System.Text;

namespace DeconvNet.Weights.Formats;

/// <summary>Wire type of a field.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>
/// Reads the Protocol Buffers wire format from a stream through a small buffer. Lengths are checked against the enclosing message,
/// so a damaged file cannot cause large allocations.
/// </summary>
internal sealed class ProtobufReader(Stream stream, string source)
{
    private const int MaxStringLength = 4096;

    private readonly byte[] buffer = new byte[1 << 16];
    private readonly long origin = stream.Position;
    private long bufferStart;
    private int bufferCount;
    private int offset;

    /// <summary>Length of the file in bytes.</summary>
    public long Length { get; } = stream.Length - stream.Position;

    /// <summary>Position of the next byte, from the start of the file.</summary>
    public long Position
    {
        get => bufferStart + offset;
        set
        {
            if (value >= bufferStart && value <= bufferStart + bufferCount)
            {
                offset = (int)(value - bufferStart);
                return;
            }

            bufferStart = value;
            (bufferCount, offset) = (0, 0);
        }
    }

    /// <summary>Advances to the next field of the message that ends at <paramref name="end"/>; false if there are no more fields.</summary>
    public bool NextField(long end, out int field, out WireType wire)
    {
        (field, wire) = (0, WireType.Varint);
        if (Position > end)
            throw Fault($"the message should have ended at byte {end}");
        if (Position == end)
            return false;

        var tag = ReadVarint();
        field = (int)(tag >> 3);
        wire = (WireType)(tag & 7);
        if (tag > uint.MaxValue || field < 1 || !Enum.IsDefined(wire))
            throw Fault($"{tag} is not a tag of a protobuf field");
        return true;
    }

    public ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            if (shift == 63 && next > 1)
                break;
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
                return value;
        }

        throw Fault("a number of more than 64 bits");
    }

    /// <summary>Reads the length of a field and returns the position of its end, which is at most <paramref name="end"/>.</summary>
    public long ReadEnd(WireType wire, long end)
    {
        Expect(wire, WireType.Bytes);
        var length = ReadVarint();
        if (Position > end || length > (ulong)(end - Position))
            throw Fault($"a field claims {length} bytes where {Math.Max(0, end - Position)} are left");
        return Position + (long)length;
    }

    public string ReadString(WireType wire, long end)
    {
        var length = ReadEnd(wire, end) - Position;
        if (length > MaxStringLength)
            throw Fault($"a name of {length} bytes; expected at most {MaxStringLength}");
        Span<byte> bytes = stackalloc byte[(int)length];
        ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    public float ReadFloat(WireType wire)
    {
        Expect(wire, WireType.Fixed32);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        ReadExactly(bytes);
        return BinaryPrimitives.ReadSingleLittleEndian(bytes);
    }

    public void Skip(WireType wire, long end)
    {
        switch (wire)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Bytes:
                Position = ReadEnd(wire, end);
                break;
            default:
                var length = wire == WireType.Fixed64 ? 8 : 4;
                if (end - Position < length)
                    throw Fault($"{length} bytes are needed where {end - Position} are left");
                Position += length;
                break;
        }
    }

    public void ReadExactly(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            // Data longer than the buffer bypasses it.
            if (offset == bufferCount && bytes.Length > buffer.Length)
            {
                ReadDirectly(bytes);
                return;
            }

            if (offset == bufferCount)
                Fill();
            var part = Math.Min(bytes.Length, bufferCount - offset);
            buffer.AsSpan(offset, part).CopyTo(bytes);
            bytes = bytes[part..];
            offset += part;
        }
    }

    public void Expect(WireType wire, WireType expected)
    {
        if (wire != expected)
            throw Fault($"a field is stored as {wire}; expected {expected}");
    }

    public InvalidDataException Fault(string what) => new($"{source}, byte {Position}: {what}.");

    private byte ReadByte()
    {
        if (offset == bufferCount)
            Fill();
        return buffer[offset++];
    }

    private void ReadDirectly(Span<byte> bytes)
    {
        var start = Position;
        stream.Position = origin + start;
        var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        (bufferStart, bufferCount, offset) = (start + count, 0, 0);
        if (count < bytes.Length)
            throw Fault("the file ends here, inside a field");
    }

    private void Fill()
    {
        bufferStart = Position;
        (bufferCount, offset) = (0, 0);
        stream.Position = origin + bufferStart;
        bufferCount = stream.Read(buffer);
        if (bufferCount == 0)
            throw Fault("the file ends here, inside a field");
    }
}
