using System.Buffers.Binary;

namespace DeconvNet.Imaging.Png;

/// <summary>What PNG reader and writer share: the signature, and the check sum of a chunk.</summary>
internal static class PngChunk
{
    /// <summary>Length, type and check sum around the data of a chunk.</summary>
    public const int Overhead = 12;

    private static readonly uint[] Table = MakeTable();

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>CRC-32 as PNG prescribes it, over type and data.</summary>
    public static uint Crc(ReadOnlySpan<byte> typeAndData)
    {
        var crc = uint.MaxValue;
        foreach (var value in typeAndData)
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);

        return ~crc;
    }

    /// <summary>Writes a whole chunk.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[Overhead + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk.AsSpan(4, 4 + data.Length)));
        stream.Write(chunk);
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            table[i] = i;
            for (var bit = 0; bit < 8; bit++)
                table[i] = (table[i] >> 1) ^ (0xEDB88320u & (0u - (table[i] & 1)));
        }

        return table;
    }
}
