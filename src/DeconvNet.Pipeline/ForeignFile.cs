using System.Text;

namespace DeconvNet;

/// <summary>Identifies files of other kinds by their first bytes, so that a message can say what a file is instead of only what it is not.</summary>
internal static class ForeignFile
{
    // Enough for the start of any format below.
    private const int Start = 512;

    /// <summary>What the file is and what to do about it, as the continuation of "it is"; null if unknown.</summary>
    public static string? Describe(ReadOnlySpan<byte> bytes)
    {
        var start = bytes[..Math.Min(Start, bytes.Length)];
        if (IsLfsPointer(start))
            return "a Git LFS pointer, not the file itself; fetch the file with 'git lfs pull'";

        if (IsHtmlPage(start))
            return "an HTML page, as a failed download leaves it; download the file again";

        return Container(start) ?? Signature(start) ?? (Text(start).StartsWith("<svg", StringComparison.OrdinalIgnoreCase) ? "an SVG drawing" : null);
    }

    /// <summary>Whether a file that starts like this is a Git LFS pointer instead of the actual file.</summary>
    public static bool IsLfsPointer(ReadOnlySpan<byte> start) => start.StartsWith("version https://git-lfs"u8);

    /// <summary>Whether a file that starts like this is a web page.</summary>
    public static bool IsHtmlPage(ReadOnlySpan<byte> start) =>
        Text(start) is var text && (text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase));

    /// <summary>The first bytes as text, after a byte order mark and white space.</summary>
    public static string Text(ReadOnlySpan<byte> start) => Encoding.Latin1.GetString(start[..Math.Min(Start, start.Length)]).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');

    /// <summary>Formats in ISO's base media container: an "ftyp" box with the brand.</summary>
    private static string? Container(ReadOnlySpan<byte> start)
    {
        if (start.Length < 12 || !start[4..8].SequenceEqual("ftyp"u8))
            return null;

        return Encoding.Latin1.GetString(start[8..12]) switch
        {
            "avif" or "avis" => "an AVIF image",
            "heic" or "heix" or "heim" or "heis" or "hevc" or "hevx" or "mif1" or "msf1" => "a HEIC image",
            "crx " => "a raw photo of a camera (CR3)",
            _ => "a video",
        };
    }

    private static string? Signature(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8))
            return "a TIFF image, or a raw photo of a camera";
        if (start is [0xFF, 0x0A, ..] || start.StartsWith("\0\0\0\u000CJXL "u8))
            return "a JPEG XL image";
        if (start.StartsWith("\0\0\0\u000CjP  "u8))
            return "a JPEG 2000 image";
        if (start.StartsWith("8BPS"u8))
            return "a Photoshop document";
        if (start.StartsWith("%PDF"u8))
            return "a PDF document";
        if (start.StartsWith("PK\u0003\u0004"u8))
            return "a ZIP archive";
        if (start is [0xFF, 0xD8, 0xFF, ..])
            return "a JPEG image";

        return start is [0x1F, 0x8B, ..] ? "compressed with gzip" : null;
    }
}
