using System.Buffers.Binary;
using DeconvNet.Imaging.Png;
using SkiaSharp;

namespace DeconvNet.Imaging;

/// <summary>
/// Looks for the end marker of JPEG and PNG files. Decoders fill in data that is missing near the end and report success,
/// so the marker is the only reliable sign that a file is complete.
/// </summary>
internal static class EncodedImageEnd
{
    public static bool IsMissing(ReadOnlySpan<byte> bytes, SKEncodedImageFormat format) => format switch
    {
        SKEncodedImageFormat.Jpeg => !JpegEnds(bytes),
        SKEncodedImageFormat.Png => !PngChunk.Contains(bytes, "IEND"u8),
        _ => false,
    };

    private static bool JpegEnds(ReadOnlySpan<byte> bytes)
    {
        for (var at = 2; ;)
        {
            var next = bytes[Math.Min(at, bytes.Length)..].IndexOf((byte)0xFF);
            at += next;
            if (next < 0 || at + 1 >= bytes.Length)
                return false;

            var marker = bytes[++at];
            if (marker == 0xD9)
                return true;

            // Stuffed zeros and restart markers belong to the scan, 0xFF is padding; none of them has a length.
            if (marker is 0xFF)
                continue;

            at++;
            if (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD7))
                continue;

            // Segments are skipped, since a thumbnail inside one has an end marker of its own.
            if (at + 2 > bytes.Length)
                return false;

            at += BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
        }
    }
}
