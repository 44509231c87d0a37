using System.Text;

namespace DeconvNet.Tests.Weights;

/// <summary>Pickles made operation by operation.</summary>
internal static class PickleBytes
{
    public const byte Stop = (byte)'.';

    public static byte[] Start => [0x80, 2];

    public static byte[] Text(string text) => [(byte)'X', .. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Number(long number) => [0x8A, 8, .. BitConverter.GetBytes(number)];

    public static byte[] Global(string module, string name) => [(byte)'c', .. Encoding.UTF8.GetBytes($"{module}\n{name}\n")];

    public static byte[] Tuple(params byte[][] items) => [(byte)'(', .. items.SelectMany(item => item), (byte)'t'];

    public static byte[] Dict(params (string Key, byte[] Value)[] pairs) => [(byte)'}', (byte)'(', .. pairs.SelectMany(pair => (byte[])[.. Text(pair.Key), .. pair.Value]), (byte)'u'];

    public static byte[] Storage(string type, string key, long count) =>
        [.. Tuple(Text("storage"), Global("torch", type), Text(key), Text("cpu"), Number(count)), (byte)'Q'];

    public static byte[] Tensor(string type, string key, long count, long[] shape, long[] strides, long offset = 0) =>
    [
        .. Global("torch._utils", "_rebuild_tensor_v2"),
        .. Tuple(Storage(type, key, count), Number(offset), Tuple([.. shape.Select(Number)]), Tuple([.. strides.Select(Number)]), [0x89], [.. Global("collections", "OrderedDict"), (byte)')', (byte)'R']),
        (byte)'R',
    ];

    /// <summary>A checkpoint of that pickle and one storage of the given bytes.</summary>
    public static byte[] Checkpoint(byte[] value, int storageBytes = 16) =>
        ZipBytes.Stored(("x/data.pkl", [.. Start, .. value, Stop]), ("x/data/0", [.. Enumerable.Range(0, storageBytes).Select(i => (byte)(i * 37))]));
}
