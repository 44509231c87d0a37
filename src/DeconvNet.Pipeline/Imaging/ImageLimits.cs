namespace DeconvNet.Imaging;

/// <summary>
/// Limits on the memory that decoding an image file may take, whatever its header claims. Raise them for trusted files;
/// lower them for public uploads.
/// </summary>
public sealed record ImageLimits
{
    /// <summary>Images up to this size are accepted however short their file is, since small pictures of one color may be tiny files.</summary>
    private const ulong FreePixels = 1UL << 22;

    /// <summary>The defaults.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>Maximum number of pixels in an image, 1 … 500,000,000. Default 2²⁷ (134 million). Decoding takes 7 bytes per pixel, the image 3.</summary>
    public long MaxPixels { get; init; } = 1L << 27;

    /// <summary>
    /// Maximum number of pixels per byte of the file, beyond the first 4 million pixels; at least 1. Default 10,000:
    /// PNG compresses to at most 8,256, while a malicious header of 35 bytes may claim millions.
    /// </summary>
    public int MaxPixelsPerByte { get; init; } = 10_000;

    /// <summary>Maximum number of bytes in a file, 1 … 2,000,000,000. Default 2³⁰ (1 GiB).</summary>
    public int MaxBytes { get; init; } = 1 << 30;

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        OptionValue.Require(MaxPixels is >= 1 and <= 500_000_000, this, MaxPixels, "1 to 500000000");
        OptionValue.Require(MaxPixelsPerByte >= 1, this, MaxPixelsPerByte, "at least 1");
        OptionValue.Require(MaxBytes is >= 1 and <= 2_000_000_000, this, MaxBytes, "1 to 2000000000");
    }

    /// <summary>Throws if the header of an image claims too much.</summary>
    /// <exception cref="InvalidDataException">The image has no pixels, too many, or too many for its length.</exception>
    internal void Require(long width, long height, long bytes, string name)
    {
        // Sides are below 2³², so the product may need 64 bits without a sign.
        var pixels = width < 1 || height < 1 ? 0 : (ulong)width * (ulong)height;
        if (pixels == 0 || pixels > (ulong)MaxPixels)
            throw new InvalidDataException($"'{name}' claims {width}×{height} pixels; 1 to {MaxPixels} are read.");

        if (pixels > FreePixels + ((ulong)MaxPixelsPerByte * (ulong)bytes))
            throw new InvalidDataException($"'{name}' claims {width}×{height} pixels in {bytes} bytes; at most {MaxPixelsPerByte} pixels a byte are read.");
    }
}
