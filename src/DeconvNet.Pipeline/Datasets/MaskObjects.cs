using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>Objects of an image with masks but no boxes.</summary>
internal static class MaskObjects
{
    /// <summary>Smaller regions are taken for annotation errors.</summary>
    private const int MinPixels = 25;

    /// <summary>The connected regions of the classes, in the order of their first pixel.</summary>
    public static List<AnnotatedObject> OfRegions(LabelMap labels, IReadOnlyList<string> classNames)
    {
        using var regions = new ConnectedRegions(labels.Pixels, labels.Width);
        var objects = new List<AnnotatedObject>();
        for (var i = 0; i < regions.Count; i++)
        {
            var pixels = regions[i];
            if (pixels.Length < MinPixels)
                continue;
            var classId = labels.Pixels[pixels[0]];
            objects.Add(new AnnotatedObject(classId, classNames[classId], PixelBox.Around(pixels, labels.Width)));
        }

        return objects;
    }

    /// <summary>The objects of an instance mask: object i has the number i + 1 and the class of most of its pixels.</summary>
    /// <param name="labels">The class mask.</param>
    /// <param name="instances">The instance mask, of the same size.</param>
    /// <param name="classNames">Class names by id.</param>
    /// <param name="path">Name of the instance mask in error messages.</param>
    /// <exception cref="InvalidDataException">A number up to the largest has no pixels, or none of an object class.</exception>
    public static List<AnnotatedObject> OfInstances(LabelMap labels, LabelMap instances, IReadOnlyList<string> classNames, string path)
    {
        var found = new Dictionary<int, (List<int> Pixels, int[] Votes)>();
        for (var i = 0; i < instances.Pixels.Length; i++)
        {
            if (instances.Pixels[i] is 0 or LabelMap.Void)
                continue;
            if (!found.TryGetValue(instances.Pixels[i], out var entry))
                found.Add(instances.Pixels[i], entry = ([], new int[256]));
            entry.Pixels.Add(i);
            entry.Votes[labels.Pixels[i]]++;
        }

        var objects = new List<AnnotatedObject>();
        for (var number = 1; number <= found.Keys.DefaultIfEmpty(0).Max(); number++)
        {
            if (!found.TryGetValue(number, out var entry) || entry.Votes.Skip(1).Take(LabelMap.Void - 1).Max() is 0)
                throw new InvalidDataException($"{path} has no pixel of object {number} that the class mask calls an object; instance masks number the objects 1, 2, 3 …");
            var classId = Array.IndexOf(entry.Votes, entry.Votes.Skip(1).Take(LabelMap.Void - 1).Max(), 1);
            objects.Add(new AnnotatedObject(classId, classNames[classId], PixelBox.Around(entry.Pixels.ToArray(), labels.Width)));
        }

        return objects;
    }
}
