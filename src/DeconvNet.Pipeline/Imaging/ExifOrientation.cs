using System.Buffers.Binary;
using DeconvNet.Imaging.Png;
using SkiaSharp;

namespace DeconvNet.Imaging;

/// <summary>Reads the orientation from the EXIF chunk of a PNG or WebP file (EXIF 2.3, tag 0x0112).</summary>
internal static class ExifOrientation
{
    private const int OrientationTag = 0x0112;
    private const int EntryLength = 12;
    private const int Short = 3;

    /// <summary>The orientation; null if the file has a different format or no readable EXIF data.</summary>
    public static SKEncodedOrigin? Find(ReadOnlySpan<byte> bytes, SKEncodedImageFormat format) => format switch
    {
        SKEncodedImageFormat.Png => Parse(PngChunk.Find(bytes, "eXIf"u8)),
        SKEncodedImageFormat.Webp => Parse(RiffChunk(bytes, "EXIF"u8)),
        _ => null,
    };

    private static ReadOnlySpan<byte> RiffChunk(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> type)
    {
        for (long at = 12; at + 8 <= bytes.Length;)
        {
            var chunk = bytes[(int)at..];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith(type))
                return chunk[8..(int)Math.Min(chunk.Length, 8L + length)];

            // Chunks start at even positions.
            at += 8L + length + (length & 1);
        }

        return [];
    }

    private static SKEncodedOrigin? Parse(ReadOnlySpan<byte> exif)
    {
        // JPEG's prefix does not belong in these chunks, but many programs write it.
        if (exif.StartsWith("Exif\0\0"u8))
            exif = exif[6..];

        var big = exif.StartsWith("MM\0*"u8);
        if (exif.Length < 8 || !(big || exif.StartsWith("II*\0"u8)))
            return null;

        var directory = big ? BinaryPrimitives.ReadUInt32BigEndian(exif[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(exif[4..]);
        if (directory + 2L > exif.Length)
            return null;

        var rest = exif[(int)directory..];
        var entries = Number(rest, big);
        rest = rest[2..];
        for (var i = 0; i < entries && rest.Length >= EntryLength; i++, rest = rest[EntryLength..])
        {
            if (Number(rest, big) == OrientationTag && Number(rest[2..], big) == Short)
                return Number(rest[8..], big) is >= 1 and <= 8 and var value ? (SKEncodedOrigin)value : null;
        }

        return null;
    }

    private static int Number(ReadOnlySpan<byte> at, bool big) =>
        big ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);
}
