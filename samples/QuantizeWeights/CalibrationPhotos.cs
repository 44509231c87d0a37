using DeconvNet.Datasets;
using DeconvNet.Imaging;

namespace QuantizeWeights;

/// <summary>Chooses evenly spaced photos from many.</summary>
internal static class CalibrationPhotos
{
    public static IReadOnlyList<string> InFolder(string folder, int count)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder {folder}.");
        var found = Directory.EnumerateFiles(folder).Where(path => RgbImage.FileExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).ToList();
        return found.Count == 0 ? throw new ArgumentException($"{folder} holds no photos.") : Choose(found, count);
    }

    public static IReadOnlyList<string> OfVoc(string root, string set, double holdOut, int count)
    {
        ISegmentationDataset images = new VocDataset(root, set);
        if (holdOut > 0)
            images = images.Split(holdOut, seed: 1).Training;
        return [.. Choose(images.Ids, count).Select(id => Path.Combine(root, "JPEGImages", $"{id}.jpg"))];
    }

    private static List<string> Choose(IReadOnlyList<string> all, int count)
    {
        if (count < 1)
            throw new ArgumentException($"--count is {count}; it must be at least 1.");
        var step = Math.Max(1, all.Count / count);
        return [.. all.Where((_, i) => i % step == 0).Take(count)];
    }
}
