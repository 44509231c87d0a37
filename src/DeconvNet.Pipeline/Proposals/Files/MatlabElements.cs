using System.Buffers.Binary;

namespace DeconvNet.Proposals.Files;

/// <summary>Type of an element of a MATLAB 5 file, with the numbers of the format.</summary>
internal enum MatlabType
{
    Int8 = 1,
    UInt8 = 2,
    Int16 = 3,
    UInt16 = 4,
    Int32 = 5,
    UInt32 = 6,
    Single = 7,
    Double = 9,
    Int64 = 12,
    UInt64 = 13,
    Matrix = 14,
    Compressed = 15,
    Utf8 = 16,
}

/// <summary>Enumerates the elements in a part of a MATLAB 5 file.</summary>
internal ref struct MatlabElements(ReadOnlySpan<byte> bytes, bool bigEndian)
{
    private const int TagLength = 8;
    private const int MaxInTag = 4;

    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>Offset of the next element in the part.</summary>
    public int Position { get; private set; }

    /// <summary>Reads the next element.</summary>
    /// <param name="data">Its bytes, without tag and padding.</param>
    /// <param name="padded">Whether elements are padded to multiples of eight bytes, as inside a variable but not between variables.</param>
    /// <param name="mayBeCut">Whether an element that is longer than the part is returned truncated.</param>
    /// <returns>The type, possibly one that the enum does not name.</returns>
    /// <exception cref="FormatException">The element is longer than the part.</exception>
    public MatlabType Next(out ReadOnlySpan<byte> data, bool padded = true, bool mayBeCut = false)
    {
        var rest = bytes[Position..];
        if (rest.Length < TagLength)
            throw new FormatException("it ends where an element should start");

        var tag = UInt32(rest);
        var inTag = tag >> 16;
        var length = inTag > 0 ? inTag : UInt32(rest[4..]);
        if (inTag > MaxInTag)
            throw new FormatException($"a short element claims {inTag} bytes; expected at most {MaxInTag}");

        rest = rest[(inTag > 0 ? 4 : TagLength)..];
        if (length > rest.Length && !mayBeCut)
            throw new FormatException($"an element claims {length} bytes, {rest.Length} are there");

        data = rest[..(int)Math.Min(length, (uint)rest.Length)];
        var end = inTag > 0 ? TagLength : TagLength + (long)length;
        Position = (int)Math.Min(Position + (padded ? (end + 7) & ~7L : end), bytes.Length);
        return (MatlabType)(tag & 0xFFFF);
    }

    private readonly uint UInt32(ReadOnlySpan<byte> at) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
}
