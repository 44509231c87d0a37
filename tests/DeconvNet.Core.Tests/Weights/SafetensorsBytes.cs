using System.Buffers.Binary;
using System.Text;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Tests.Weights;

/// <summary>Safetensors files made byte by byte.</summary>
internal static class SafetensorsBytes
{
    public static byte[] Make(string header, int dataLength, long? claimedLength = null) =>
        Make(Encoding.UTF8.GetBytes(header), dataLength, claimedLength);

    public static byte[] Make(byte[] header, int dataLength, long? claimedLength = null)
    {
        var file = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(file, claimedLength ?? header.Length);
        header.CopyTo(file, 8);
        for (var i = 0; i < dataLength; i++)
            file[8 + header.Length + i] = (byte)(i * 37);
        return file;
    }

    /// <summary>Opens a file and reads all of it.</summary>
    public static void ReadWhole(byte[] bytes)
    {
        var file = new SafetensorsFile(new MemoryStream(bytes), "crafted");
        for (var i = 0; i < file.Tensors.Count; i++)
        {
            if (file.Tensors[i].IsReadable)
                file.Read(i, new float[file.Tensors[i].Count]);
        }
    }
}
