using System.Runtime.InteropServices;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Png;

namespace DeconvNet.Datasets;

/// <summary>Reads what mask files hold, as class ids. Thread-safe.</summary>
internal abstract class MaskReader
{
    public abstract LabelMap Read(string path);

    /// <summary>The numbers of a mask as they are stored: of a palette or gray PNG the samples, of any other file the gray level.</summary>
    protected static LabelMap ReadNumbers(string path)
    {
        if (HoldsNumbers(path))
            return LabelMap.Load(path);

        var picture = ReadColors(path);
        var pixels = MemoryMarshal.Cast<byte, Rgb>(picture.Pixels);
        var numbers = new byte[pixels.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = pixels[i].R;
            if (pixels[i].G != numbers[i] || pixels[i].B != numbers[i])
            {
                throw new InvalidDataException(
                    $"{path} holds the color {ColorMap.Text(pixels[i])} at column {i % picture.Width}, row {i / picture.Width}, not class ids. Say what the colors mean: with Colors, or a labelmap.txt beside the folder of masks.");
            }
        }

        return new LabelMap(picture.Width, picture.Height, numbers);
    }

    /// <summary>The colors of a mask as they are stored, whatever profile the file names.</summary>
    protected static RgbImage ReadColors(string path)
    {
        using var stream = InputFile.Open(path, "a mask");
        return PhotoDecoder.DecodeStored(InputFile.ReadAll(stream, path, ImageLimits.Default.MaxBytes).Span, path, ImageLimits.Default);
    }

    /// <summary>A hint for values that a lossy format made up; empty for other files.</summary>
    protected static string LossyHint(string path) => Path.GetExtension(path).ToUpperInvariant() is ".JPG" or ".JPEG"
        ? " JPEG changes colors when it compresses: save masks as PNG."
        : "";

    private static bool HoldsNumbers(string path)
    {
        using var stream = InputFile.Open(path, "a mask");
        Span<byte> start = stackalloc byte[26];
        // The color type is the tenth byte of the header, which is the first chunk: 0 is gray, 3 is a palette.
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.StartsWith(PngChunk.Signature) && start[25] is 0 or 3;
    }
}

/// <summary>Masks that hold colors.</summary>
internal sealed class ColorMaskReader(ColorMap colors, IReadOnlyList<string> classNames, bool unknownIsVoid) : MaskReader
{
    private readonly Dictionary<Rgb, byte> ids = colors.ToIds().ToDictionary(
        entry => entry.Key, entry => entry.Value == LabelMap.Void ? entry.Value : (byte)classNames.ToList().IndexOf(colors.ClassNames[entry.Value]));

    public override LabelMap Read(string path)
    {
        var picture = ReadColors(path);
        var pixels = MemoryMarshal.Cast<byte, Rgb>(picture.Pixels);
        var labels = new byte[pixels.Length];
        var (last, id) = (pixels[0], IdOf(pixels[0], path, 0, picture.Width));
        for (var i = 0; i < labels.Length; i++)
        {
            if (pixels[i] != last)
                (last, id) = (pixels[i], IdOf(pixels[i], path, i, picture.Width));
            labels[i] = id;
        }

        return new LabelMap(picture.Width, picture.Height, labels);
    }

    private byte IdOf(Rgb color, string path, int pixel, int width) => ids.TryGetValue(color, out var id)
        ? id
        : unknownIsVoid
            ? LabelMap.Void
            : throw new InvalidDataException($"{path} holds the color {ColorMap.Text(color)} at column {pixel % width}, row {pixel / width}, which means no class; known are {colors}.{LossyHint(path)}");
}
