using System.Buffers.Binary;
using System.IO.Hashing;

namespace DeconvNet.Tests.Fuzz;

/// <summary>Right checksums for a damaged PNG, so that its content is looked at.</summary>
internal static class PngChecksums
{
    public static byte[] Corrected(byte[] png)
    {
        var bytes = png.ToArray();
        for (var at = 8; at + 12 <= bytes.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            if (length > bytes.Length - at - 12)
                break;
            var end = at + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(end), Crc32.HashToUInt32(bytes.AsSpan(at + 4, end - at - 4)));
            at = end + 4;
        }

        return bytes;
    }
}
