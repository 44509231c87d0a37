using System.Buffers.Binary;
using System.IO.Hashing;

namespace DeconvNet.Imaging.Png;

/// <summary>The signature and chunk format of PNG, for reader and writer.</summary>
internal static class PngChunk
{
    /// <summary>Size of length, type and checksum of a chunk.</summary>
    public const int Overhead = 12;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>CRC-32 over type and data.</summary>
    public static uint Crc(ReadOnlySpan<byte> typeAndData) => Crc32.HashToUInt32(typeAndData);

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

    /// <summary>Whether a file has a complete chunk of a type. Checksums are not verified.</summary>
    public static bool Contains(ReadOnlySpan<byte> png, ReadOnlySpan<byte> type) => TryFind(png, type, out _);

    /// <summary>The data of the first chunk of a type; empty if there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> png, ReadOnlySpan<byte> type) => TryFind(png, type, out var data) ? data : [];

    private static bool TryFind(ReadOnlySpan<byte> png, ReadOnlySpan<byte> type, out ReadOnlySpan<byte> data)
    {
        for (long at = Signature.Length; at + Overhead <= png.Length;)
        {
            var chunk = png[(int)at..];
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (chunk[4..8].SequenceEqual(type))
            {
                data = length <= chunk.Length - Overhead ? chunk.Slice(8, (int)length) : [];
                return true;
            }

            at += Overhead + (long)length;
        }

        data = [];
        return false;
    }
}
