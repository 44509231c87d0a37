using System.Buffers.Binary;

namespace DeconvNet.Proposals.Files;

/// <summary>Reads numbers of any type in which a MATLAB 5 file may store them, whatever the class of the matrix.</summary>
internal static class MatlabNumbers
{
    /// <summary>Reads <paramref name="count"/> numbers.</summary>
    /// <exception cref="FormatException">The type is not numeric, or the count is different.</exception>
    public static double[] Read(MatlabType type, ReadOnlySpan<byte> data, bool bigEndian, int count)
    {
        var size = Size(type);
        if (data.Length != (long)size * count)
            throw new FormatException($"it has {data.Length} bytes of values; expected {count} of {size} bytes");

        Span<byte> number = stackalloc byte[size];
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            data.Slice(i * size, size).CopyTo(number);
            if (bigEndian)
                number.Reverse();
            values[i] = Value(type, number);
        }

        return values;
    }

    private static int Size(MatlabType type) => type switch
    {
        MatlabType.Int8 or MatlabType.UInt8 => 1,
        MatlabType.Int16 or MatlabType.UInt16 => 2,
        MatlabType.Int32 or MatlabType.UInt32 or MatlabType.Single => 4,
        MatlabType.Double or MatlabType.Int64 or MatlabType.UInt64 => 8,
        _ => throw new FormatException($"its values are of type {(int)type}, which is not a type of numbers"),
    };

    private static double Value(MatlabType type, ReadOnlySpan<byte> number) => type switch
    {
        MatlabType.Int8 => (sbyte)number[0],
        MatlabType.UInt8 => number[0],
        MatlabType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(number),
        MatlabType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(number),
        MatlabType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(number),
        MatlabType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(number),
        MatlabType.Single => BinaryPrimitives.ReadSingleLittleEndian(number),
        MatlabType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(number),
        MatlabType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(number),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(number),
    };
}
