using DeconvNet.Datasets;
using DeconvNet.Imaging;

namespace DeconvNet.Evaluation;

/// <summary>
/// The masks as the PASCAL VOC evaluation server takes them: <c>results/VOC2012/Segmentation/comp6_test_cls/ID.png</c>, 8-bit palette PNGs of the
/// photos' sizes. Competition 6 is the one for methods trained with data besides VOC's own.
/// </summary>
public static class VocSubmission
{
    /// <summary>The folder of the masks below <paramref name="root"/>.</summary>
    /// <param name="root">The folder that is packed and submitted.</param>
    public static string MaskFolder(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        return Path.Combine(root, "results", "VOC2012", "Segmentation", "comp6_test_cls");
    }

    /// <summary>Checks that there is one mask for each image of a set, of its size, with VOC's palette and classes, and nothing else.</summary>
    /// <param name="root">The folder that is packed and submitted.</param>
    /// <param name="dataset">The images; masks of their own are not needed.</param>
    /// <returns>What is wrong, one line for each file; empty if the submission is in order.</returns>
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

    // Of the palette only the first colors must be there: an encoder may leave out the unused ones.
    private static bool HasVocPalette(ReadOnlySpan<byte> png)
    {
        var start = png.IndexOf("PLTE"u8);
        if (start < 4)
            return false;

        var length = Math.Min(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png[(start - 4)..]), VocPalette.Bytes.Length);
        return length > 0 && png.Slice(start + 4, length).SequenceEqual(VocPalette.Bytes[..length]);
    }
}
