namespace DeconvNet.Datasets;

/// <summary>Where the files of a VOC year lie.</summary>
internal sealed class VocFolder
{
    private const int MaxLine = 1000;

    private static readonly string[] Below = ["", "VOC2012", Path.Combine("VOCdevkit", "VOC2012")];

    public VocFolder(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        Root = Below.Select(part => Path.Combine(root, part)).FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, "JPEGImages")))
            ?? throw new DirectoryNotFoundException(
                $"'{root}' is no VOC folder: neither it nor VOC2012 or VOCdevkit/VOC2012 in it holds JPEGImages. Name the folder that holds JPEGImages, SegmentationClass and ImageSets.");
    }

    public string Root { get; }

    public string Image(string id) => Path.Combine(Root, "JPEGImages", id + ".jpg");

    public string ClassMask(string id) => Path.Combine(Root, "SegmentationClass", id + ".png");

    public string InstanceMask(string id) => Path.Combine(Root, "SegmentationObject", id + ".png");

    public string Annotation(string id) => Path.Combine(Root, "Annotations", id + ".xml");

    /// <summary>The ids of an image set, in the file's order.</summary>
    public IEnumerable<string> ReadImageSet(string name)
    {
        if (!IsPlainName(name))
            throw new ArgumentException($"'{name}' is no image set: expected the name of a file in ImageSets/Segmentation without '.txt'.", nameof(name));

        var folder = Path.Combine(Root, "ImageSets", "Segmentation");
        var path = Path.Combine(folder, name + ".txt");
        if (!File.Exists(path))
        {
            string[] lists = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.txt") : [];
            var known = lists.Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal);
            throw new FileNotFoundException($"The image set {path} is missing; there are: {string.Join(", ", known)}.", path);
        }

        var ids = new List<string>();
        var number = 0;
        foreach (var id in LineReader.TrimmedLines(path, "an image set", MaxLine))
        {
            number++;
            if (id.Length == 0)
                continue;
            if (!IsPlainName(id))
                throw new InvalidDataException($"{path}, line {number}: '{id}' is no image id.");
            ids.Add(id);
        }

        return ids.Count > 0 ? ids : throw new InvalidDataException($"{path} names no image.");
    }

    // An id becomes a part of a path: what could lead out of the folder is no id.
    public static bool IsPlainName(string? name) =>
        name is { Length: > 0 } && name[0] != '.' && !name.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is '/' or '\\' or ':');
}
