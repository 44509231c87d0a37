using DeconvNet.Datasets;
using DeconvNet.Imaging;

namespace DeconvNet.Evaluation;

/// <summary>
/// Masks in the form that the PASCAL VOC evaluation server accepts: <c>results/VOC2012/Segmentation/comp6_test_cls/ID.png</c>, 8-bit palette PNGs of the
/// same size as the photos. Competition 6 is for methods trained on additional data.
/// </summary>
public static class VocSubmission
{
    /// <summary>The folder of the masks below <paramref name="root"/>.</summary>
    /// <param name="root">The folder to be packed and submitted.</param>
    public static string MaskFolder(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        return Path.Combine(root, "results", "VOC2012", "Segmentation", "comp6_test_cls");
    }

    /// <summary>Checks that there is exactly one mask per image, of the right size, with VOC's palette and classes, and no other file.</summary>
    /// <param name="root">The folder to be packed and submitted.</param>
    /// <param name="dataset">The images; they need no masks of their own.</param>
    /// <returns>Problems, one line per file; empty if the submission is valid.</returns>
    public static IReadOnlyList<string> Check(string root, ISegmentationDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var folder = MaskFolder(root);
        if (!Directory.Exists(folder))
            return [$"There is no folder {folder}."];

        var problems = new List<string>();
        var expected = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < dataset.Count; i++)
        {
            var path = Path.GetFullPath(Path.Combine(folder, dataset.Ids[i] + ".png"));
            expected.Add(path);
            if (Fault(path, dataset.ImageSize(i), dataset.ClassNames.Count) is { } fault)
                problems.Add(fault);
        }

        problems.AddRange(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => !expected.Contains(Path.GetFullPath(file)))
            .Order(StringComparer.Ordinal)
            .Select(entry => $"{entry} belongs to no image of {dataset.Name}."));
        return problems;
    }

    private static string? Fault(string path, ImageSize size, int classes)
    {
        if (!File.Exists(path))
            return $"{path} is missing.";

        try
        {
            var png = File.ReadAllBytes(path);
            var labels = LabelMap.Decode(png, path);
            if (labels.Size != size)
                return $"{path} has {labels.Width}×{labels.Height} pixels, its photo {size}.";
            if (labels.Pixels.IndexOfAnyInRange((byte)classes, byte.MaxValue) is >= 0 and var wrong)
                return $"{path} has class {labels.Pixels[wrong]}; expected 0 … {classes - 1}.";
            return HasVocPalette(png) ? null : $"{path} has not the palette of VOC.";
        }
        catch (InvalidDataException fault)
        {
            return fault.Message;
        }
    }

    // Only the first colors of the palette are required: encoders may omit unused ones.
    private static bool HasVocPalette(ReadOnlySpan<byte> png)
    {
        var start = png.IndexOf("PLTE"u8);
        if (start < 4)
            return false;

        var length = Math.Min(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png[(start - 4)..]), VocPalette.Bytes.Length);
        return length > 0 && png.Slice(start + 4, length).SequenceEqual(VocPalette.Bytes[..length]);
    }
}
