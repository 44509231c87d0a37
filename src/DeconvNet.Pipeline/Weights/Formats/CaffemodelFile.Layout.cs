using DeconvNet.Architecture;

namespace DeconvNet.Weights.Formats;

/// <summary>The field numbers of Caffe's messages, from its public <c>caffe.proto</c>.</summary>
internal sealed partial class CaffemodelFile
{
    private const int MaxLayers = 100_000;
    private const int MaxBlobs = 100_000;
    private const int MaxAxes = 32;

    private static class NetField
    {
        public const int Name = 1;
        public const int OldLayers = 2;
        public const int Layer = 100;
    }

    private static class LayerField
    {
        public const int BatchNormSettings = 139;
    }

    private static class BatchNormField
    {
        public const int Epsilon = 3;
    }

    private static class BlobField
    {
        public const int Num = 1;
        public const int Width = 4;
        public const int Data = 5;
        public const int Shape = 7;
        public const int DoubleData = 8;
    }

    private int blobCount;

    private (string Name, IReadOnlyList<CaffeLayer> Layers) ReadNet()
    {
        var name = "";
        var layers = new List<CaffeLayer>();
        var end = reader.Length;
        while (reader.NextField(end, out var field, out var wire))
        {
            if (layers.Count == MaxLayers)
                throw reader.Fault($"more than {MaxLayers} layers");
            switch (field)
            {
                case NetField.Name:
                    name = reader.ReadString(wire, end);
                    break;
                case NetField.OldLayers:
                    layers.Add(ReadLayer(reader.ReadEnd(wire, end), nameField: 4, typeField: 5, blobsField: 6));
                    break;
                case NetField.Layer:
                    layers.Add(ReadLayer(reader.ReadEnd(wire, end), nameField: 1, typeField: 2, blobsField: 7));
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }

        return (name, layers);
    }

    private CaffeLayer ReadLayer(long end, int nameField, int typeField, int blobsField)
    {
        var (name, type) = ("", "");
        var blobs = new List<CaffeBlob>();
        float? epsilon = null;
        while (reader.NextField(end, out var field, out var wire))
        {
            if (field == nameField)
                name = reader.ReadString(wire, end);
            else if (field == typeField)
                type = wire == WireType.Varint ? CaffeLayer.TypeName(reader.ReadVarint()) : reader.ReadString(wire, end);
            else if (field == blobsField)
                blobs.Add(ReadBlob(reader.ReadEnd(wire, end), name));
            else if (field == LayerField.BatchNormSettings)
                epsilon = ReadEpsilon(reader.ReadEnd(wire, end)) ?? epsilon;
            else
                reader.Skip(wire, end);
        }

        return new CaffeLayer(name, type, blobs) { BatchNormEpsilon = epsilon };
    }

    private float? ReadEpsilon(long end)
    {
        float? epsilon = null;
        while (reader.NextField(end, out var field, out var wire))
        {
            if (field == BatchNormField.Epsilon)
                epsilon = reader.ReadFloat(wire);
            else
                reader.Skip(wire, end);
        }

        return epsilon;
    }

    private CaffeBlob ReadBlob(long end, string layer)
    {
        if (++blobCount > MaxBlobs)
            throw reader.Fault($"more than {MaxBlobs} blobs");
        var begin = reader.Position;
        long[]? oldShape = null;
        List<long> newShape = [];
        var (floats, doubles) = (0L, 0L);
        while (reader.NextField(end, out var field, out var wire))
        {
            switch (field)
            {
                case >= BlobField.Num and <= BlobField.Width:
                    reader.Expect(wire, WireType.Varint);
                    (oldShape ??= new long[4])[field - BlobField.Num] = ReadSide();
                    break;
                case BlobField.Shape:
                    newShape = ReadShape(reader.ReadEnd(wire, end));
                    break;
                case BlobField.Data:
                    floats += SkipValues(wire, end, sizeof(float), WireType.Fixed32);
                    break;
                case BlobField.DoubleData:
                    doubles += SkipValues(wire, end, sizeof(double), WireType.Fixed64);
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }

        // As in Caffe, the old form of the shape takes precedence if both are given, and 64-bit values take precedence over 32-bit ones.
        IReadOnlyList<long> shape = oldShape is null ? newShape : oldShape;
        var count = doubles > 0 ? doubles : floats;
        if (WeightShape.Count(shape) != count)
            throw reader.Fault($"a blob of layer '{layer}' has the shape {WeightShape.Text(shape)} and {count} values");
        return new CaffeBlob(shape, doubles > 0, begin, end);
    }

    private List<long> ReadShape(long end)
    {
        var shape = new List<long>();
        while (reader.NextField(end, out var field, out var wire))
        {
            if (field != 1)
            {
                reader.Skip(wire, end);
                continue;
            }

            if (wire != WireType.Bytes)
                reader.Expect(wire, WireType.Varint);
            var last = wire == WireType.Bytes ? reader.ReadEnd(wire, end) : reader.Position + 1;
            while (reader.Position < last)
            {
                shape.Add(ReadSide());
                if (shape.Count > MaxAxes)
                    throw reader.Fault($"a blob has more than {MaxAxes} axes");
            }

            if (wire == WireType.Bytes && reader.Position > last)
                throw reader.Fault($"the sides of a blob should have ended at byte {last}");
        }

        return shape;
    }

    private long ReadSide()
    {
        var side = reader.ReadVarint();
        return side <= int.MaxValue ? (long)side : throw reader.Fault($"a blob has a side of {unchecked((long)side)}; expected 0 to {int.MaxValue}");
    }

    private long SkipValues(WireType wire, long end, int size, WireType unpacked)
    {
        if (wire == WireType.Bytes)
        {
            var last = reader.ReadEnd(wire, end);
            var bytes = last - reader.Position;
            if (bytes % size != 0)
                throw reader.Fault($"{bytes} bytes of values are not a multiple of {size}");
            reader.Position = last;
            return bytes / size;
        }

        reader.Expect(wire, unpacked);
        reader.Skip(wire, end);
        return 1;
    }
}
