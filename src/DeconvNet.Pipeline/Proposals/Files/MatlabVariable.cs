using System.IO.Compression;
using System.Text;

namespace DeconvNet.Proposals.Files;

/// <summary>One variable of a MATLAB 5 file: flags, dimensions, name, and the values of a matrix of real numbers.</summary>
internal static class MatlabVariable
{
    // An image has a few thousand boxes; a small file must not turn into a large array.
    private const int MaxValues = 1_000_000;
    private const int MaxNumberLength = 8;

    // Enough for the tags, the flags, a hundred dimensions and any name that MATLAB allows.
    private const int HeaderBytes = 1024;

    // The lowest byte of the flags is the class of the array. From 6 (double) to 15 (uint64) it is numeric; later ones have no dimensions.
    private const uint ClassMask = 0xFF;
    private const uint FirstNumeric = 6;
    private const uint LastNumeric = 15;
    private const uint Complex = 0x0800;

    /// <summary>Reads a variable; null if its name is not among <paramref name="names"/>, in which case only the name is decompressed.</summary>
    /// <exception cref="FormatException">The variable is malformed, or has one of the names and is not a matrix of real numbers.</exception>
    /// <exception cref="InvalidDataException">The data cannot be decompressed.</exception>
    public static (string Name, MatlabMatrix Matrix)? Read(MatlabType type, ReadOnlySpan<byte> data, bool bigEndian, IReadOnlyCollection<string> names)
    {
        if (type == MatlabType.Matrix)
            return ReadName(data, bigEndian) is { } name && names.Contains(name) ? (name, ReadMatrix(data, bigEndian)) : null;
        if (type != MatlabType.Compressed)
            throw new FormatException($"it is of type {(int)type}; expected a matrix or a compressed matrix");

        var packed = data.ToArray();
        return ReadName(Body(Unpack(packed, HeaderBytes), bigEndian, mayBeCut: true), bigEndian) is { } packedName && names.Contains(packedName)
            ? (packedName, ReadMatrix(Body(Unpack(packed, HeaderBytes + (MaxValues * MaxNumberLength)), bigEndian, mayBeCut: false), bigEndian))
            : null;
    }

    /// <summary>Writes a matrix of doubles.</summary>
    public static void Write(BinaryWriter writer, string name, MatlabMatrix matrix)
    {
        var text = Encoding.ASCII.GetBytes(name);
        var padding = new byte[-text.Length & 7];
        var valueBytes = sizeof(double) * matrix.Values.Length;
        Tag(MatlabType.Matrix, 16 + 16 + 8 + text.Length + padding.Length + 8 + valueBytes);
        Tag(MatlabType.UInt32, 8);
        writer.Write(FirstNumeric);
        writer.Write(0);
        Tag(MatlabType.Int32, 8);
        writer.Write(matrix.Rows);
        writer.Write(matrix.Columns);
        Tag(MatlabType.Int8, text.Length);
        writer.Write(text);
        writer.Write(padding);
        Tag(MatlabType.Double, valueBytes);
        foreach (var value in matrix.Values)
            writer.Write(value);

        void Tag(MatlabType type, int length)
        {
            writer.Write((int)type);
            writer.Write(length);
        }
    }

    private static byte[] Unpack(byte[] packed, int maxBytes)
    {
        using var unpacking = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        var piece = new byte[HeaderBytes];
        try
        {
            while (unpacked.Length < maxBytes && unpacking.Read(piece) is > 0 and var read)
                unpacked.Write(piece, 0, read);
        }
        catch (IOException fault)
        {
            // Some zlib errors surface as a different exception.
            throw new InvalidDataException($"its data cannot be inflated: {fault.Message}", fault);
        }

        return unpacked.ToArray();
    }

    private static ReadOnlySpan<byte> Body(byte[] unpacked, bool bigEndian, bool mayBeCut)
    {
        var elements = new MatlabElements(unpacked, bigEndian);
        var type = elements.Next(out var body, mayBeCut: mayBeCut);
        return type == MatlabType.Matrix ? body : throw new FormatException($"unpacked it is of type {(int)type}; expected a matrix");
    }

    /// <summary>The name, or null for an array class without dimensions, whose name is not needed.</summary>
    private static string? ReadName(ReadOnlySpan<byte> body, bool bigEndian)
    {
        // An empty body is how MATLAB writes an empty cell.
        if (body.IsEmpty)
            return null;

        var elements = new MatlabElements(body, bigEndian);
        if ((Flags(ref elements, bigEndian) & ClassMask) > LastNumeric)
            return null;

        elements.Next(out _);
        var type = elements.Next(out var name);
        return type is MatlabType.Int8 or MatlabType.UInt8 or MatlabType.Utf8
            ? Encoding.UTF8.GetString(name)
            : throw new FormatException($"its name is of type {(int)type}; expected text");
    }

    private static MatlabMatrix ReadMatrix(ReadOnlySpan<byte> body, bool bigEndian)
    {
        var elements = new MatlabElements(body, bigEndian);
        var flags = Flags(ref elements, bigEndian);
        if ((flags & ClassMask) < FirstNumeric || (flags & Complex) != 0)
            throw new FormatException("it is a cell, a structure, text, or sparse or complex; expected a matrix of real numbers");

        var type = elements.Next(out var sides);
        if (type != MatlabType.Int32 || sides.Length != 2 * sizeof(int))
            throw new FormatException("it is not a matrix of two dimensions");

        var dimensions = MatlabNumbers.Read(type, sides, bigEndian, 2);
        if (dimensions[0] < 0 || dimensions[1] < 0 || dimensions[0] * dimensions[1] > MaxValues)
            throw new FormatException(FormattableString.Invariant($"it is {dimensions[0]}×{dimensions[1]}; expected at most {MaxValues} values"));

        var (rows, columns) = ((int)dimensions[0], (int)dimensions[1]);
        elements.Next(out _);
        type = elements.Next(out var values);
        return new MatlabMatrix(rows, columns, MatlabNumbers.Read(type, values, bigEndian, rows * columns));
    }

    private static uint Flags(ref MatlabElements elements, bool bigEndian)
    {
        var type = elements.Next(out var flags);
        return type == MatlabType.UInt32 && flags.Length == 2 * sizeof(uint)
            ? (uint)MatlabNumbers.Read(type, flags, bigEndian, 2)[0]
            : throw new FormatException("it does not start with its flags");
    }
}
