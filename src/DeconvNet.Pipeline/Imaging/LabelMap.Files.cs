using DeconvNet.Imaging.Png;

namespace DeconvNet.Imaging;

public sealed partial class LabelMap
{
    /// <summary>Largest map that is read, in pixels: 2²⁸.</summary>
    public const long MaxPixels = 1L << 28;

    /// <summary>
    /// Reads a mask by index: a palette PNG (as VOC's) or a gray PNG of 1, 2, 4 or 8 bits, not interlaced.
    /// Colors play no part: the stored number of a pixel is its class id.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is truncated, corrupt, too large, no PNG, or holds colors instead of class ids; the message names it.
    /// </exception>
    public static LabelMap Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Decode(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads a mask from the bytes of a file; see <see cref="Load"/>.</summary>
    /// <param name="png">The encoded mask.</param>
    /// <param name="name">What error messages call it.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Load"/>.</exception>
    public static LabelMap Decode(ReadOnlySpan<byte> png, string name = "bytes")
    {
        var (width, height, indices) = IndexedPngReader.Read(png, name, MaxPixels);
        return new(width, height, indices);
    }

    /// <summary>Writes an 8-bit palette PNG in VOC's colors; an existing file is replaced as a whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path) => AtomicFile.Write(path, stream => IndexedPngWriter.Write(stream, Width, Height, labels, VocPalette.Rgb));
}
