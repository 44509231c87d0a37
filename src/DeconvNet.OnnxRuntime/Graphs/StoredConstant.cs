using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using DeconvNet.Weights.Formats;

namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>A constant of a stored graph: its values must be in the file, as many as its shape says, and finite.</summary>
internal sealed class StoredConstant(ReadOnlyMemory<byte> bytes, ProtobufReader reader)
{
    private const int Sides = 1, Type = 2, Name = 8, Bytes = 9, Description = 12;

    // Whole numbers of 64 bits are shapes and places in maps.
    private const long LargestNumber = 1 << 24;

    private readonly List<long> shape = [];
    private ElementType type;
    private string name = "";
    private ReadOnlyMemory<byte> values;

    /// <summary>Reads the message up to its end.</summary>
    /// <exception cref="InvalidDataException">It is not such a constant.</exception>
    public void Require(long end)
    {
        while (reader.NextField(end, out var field, out var wire))
        {
            switch (field)
            {
                case Sides when wire == WireType.Bytes:
                    for (var last = reader.ReadEnd(wire, end); reader.Position < last;)
                        shape.Add((long)reader.ReadVarint());
                    break;
                case Sides:
                    reader.Expect(wire, WireType.Varint);
                    shape.Add((long)reader.ReadVarint());
                    break;
                case Type:
                    reader.Expect(wire, WireType.Varint);
                    type = (ElementType)(reader.ReadVarint() is var number and <= int.MaxValue ? (int)number : 0);
                    break;
                case Name:
                    name = StoredName.Show(reader.ReadString(wire, end));
                    break;
                case Bytes:
                    var valuesEnd = reader.ReadEnd(wire, end);
                    values = bytes[(int)reader.Position..(int)valuesEnd];
                    reader.Position = valuesEnd;
                    break;
                case Description:
                    reader.Skip(wire, end);
                    break;
                default:
                    throw reader.Fault($"the values of tensor '{name}' are stored in a form in which no export of ours stores them, such as in another file");
            }
        }

        RequireLength();
        RequireRange();
    }

    private void RequireLength()
    {
        var width = type switch
        {
            ElementType.Float32 or ElementType.Int32 => 4,
            ElementType.Int64 => 8,
            ElementType.UInt8 or ElementType.Int8 => 1,
            _ => throw reader.Fault($"tensor '{name}' has values of type {(int)type}, which no network of ours has"),
        };
        if (WeightShape.Count(shape) is not { } count || count > int.MaxValue || count * width != values.Length)
            throw reader.Fault($"tensor '{name}' has {values.Length} bytes of values, which do not fit its shape {WeightShape.Text(shape)}");
    }

    private void RequireRange()
    {
        if (type == ElementType.Float32 && !TensorPrimitives.IsFiniteAll<float>(MemoryMarshal.Cast<byte, float>(values.Span)))
            throw reader.Fault($"tensor '{name}' holds NaN or infinity");
        if (type == ElementType.Int64 && MemoryMarshal.Cast<byte, long>(values.Span).ContainsAnyExceptInRange(-1, LargestNumber))
            throw reader.Fault($"tensor '{name}' holds a number beyond -1 to {LargestNumber}, where maps have sizes");
    }
}
