using System.Text;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Tests.Weights;

/// <summary>Protobuf messages made field by field.</summary>
internal static class CaffemodelBytes
{
    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value > 127; value >>= 7)
            bytes.Add((byte)(value | 128));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    public static byte[] Number(int field, ulong value) => [.. Varint((ulong)field << 3), .. Varint(value)];

    public static byte[] Bytes(int field, params byte[][] parts)
    {
        byte[] content = [.. parts.SelectMany(part => part)];
        return [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)content.Length), .. content];
    }

    public static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public static byte[] Floats(int field, params float[] values) => Bytes(field, [.. values.Select(BitConverter.GetBytes)]);

    public static byte[] Doubles(int field, params double[] values) => Bytes(field, [.. values.Select(BitConverter.GetBytes)]);

    public static byte[] SingleFloat(int field, float value) => [.. Varint(((ulong)field << 3) | 5), .. BitConverter.GetBytes(value)];

    public static byte[] SingleDouble(int field, double value) => [.. Varint(((ulong)field << 3) | 1), .. BitConverter.GetBytes(value)];

    /// <summary>A file of the old form with one layer that has the given blob.</summary>
    public static byte[] OldNet(params byte[][] blob) =>
        [.. Text(1, "net"), .. Bytes(2, Text(3, "top"), Text(4, "layer"), Number(5, 4), Bytes(6, blob))];

    /// <summary>A file of the new form with one layer that has the given blob.</summary>
    public static byte[] NewNet(params byte[][] blob) =>
        [.. Text(1, "net"), .. Bytes(100, Text(1, "layer"), Text(2, "Convolution"), Text(3, "bottom"), Bytes(7, blob))];

    /// <summary>A layer of the new form.</summary>
    public static byte[] New(string name, string type, params byte[][] fields) => Bytes(100, [Text(1, name), Text(2, type), .. fields]);

    /// <summary>A blob of the new form, as a field of a layer of the new form.</summary>
    public static byte[] Blob(float[] values, params IReadOnlyList<long> shape) =>
        Bytes(7, Bytes(7, Bytes(1, [.. shape.Select(side => Varint((ulong)side))])), Floats(5, values));

    /// <summary>Opens a file and reads all of it.</summary>
    public static List<(CaffeLayer Layer, float[][] Blobs)> ReadWhole(byte[] bytes)
    {
        var file = new CaffemodelFile(new MemoryStream(bytes), "crafted");
        return [.. file.Layers.Select(layer => (layer, layer.Blobs.Select(blob =>
        {
            var values = new float[blob.Count];
            file.Read(blob, values);
            return values;
        }).ToArray()))];
    }
}
