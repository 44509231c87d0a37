namespace DeconvNet.Datasets;

/// <summary>The classes of PASCAL VOC by id.</summary>
public static class VocClasses
{
    /// <summary>The 21 class names by id; id 0 is background.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
        "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    /// <summary>The id of a class; null if VOC has no class of this name. Case-sensitive.</summary>
    public static int? IdOf(string name)
    {
        for (var id = 0; id < Names.Count; id++)
        {
            if (Names[id] == name)
                return id;
        }

        return null;
    }
}
