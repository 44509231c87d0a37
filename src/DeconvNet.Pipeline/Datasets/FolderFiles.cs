namespace DeconvNet.Datasets;

/// <summary>The files of a <see cref="FolderDataset"/>: which photos there are, and which mask belongs to which.</summary>
internal sealed class FolderFiles
{
    private const int MaxLine = 10_000;

    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];
    private static readonly string[] ImageFolders = ["images", "JPEGImages"];
    private static readonly string[] MaskFolders = ["masks", "labels", "SegmentationClass"];

    private readonly Dictionary<string, string> images;
    private readonly Dictionary<string, string> masks;
    private readonly string maskFolder;
    private readonly string maskSuffix;

    public FolderFiles(string root, FolderDatasetOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        Root = root;
        if (!Directory.Exists(root))
            throw new DirectoryNotFoundException($"There is no folder '{root}'.");

        var imageFolder = Find(root, options.ImageFolder, ImageFolders)
            ?? throw new DirectoryNotFoundException($"'{root}' has no folder {options.ImageFolder ?? string.Join(" or ", ImageFolders)} with photos. Name it with ImageFolder.");
        maskFolder = Find(root, options.MaskFolder, MaskFolders)
            ?? (options.MaskFolder is { } given ? throw new DirectoryNotFoundException($"'{root}' has no folder {given} with masks.") : Path.Combine(root, MaskFolders[0]));
        maskSuffix = options.MaskSuffix;
        masks = Directory.Exists(maskFolder) ? ById(maskFolder, maskSuffix, "masks", Composed) : [];
        images = ById(imageFolder, options.ImageSuffix, "photos", id => id, AreMasks(imageFolder));
        if (images.Count == 0)
            throw new InvalidDataException($"{imageFolder} holds no photo{(options.ImageSuffix.Length > 0 ? $" whose name ends in {options.ImageSuffix}" : "")}; expected {string.Join(", ", Extensions)}.");
        Ids = options.List is { } list ? ReadList(Path.Combine(root, list), imageFolder) : [.. images.Keys.Order(StringComparer.Ordinal)];
    }

    public string Root { get; }

    public string[] Ids { get; }

    public string Image(string id) => images[id];

    /// <summary>The mask of an image; where there is none, the path that it would have.</summary>
    public string Mask(string id) => masks.GetValueOrDefault(Composed(id)) ?? Path.Combine(maskFolder, id + maskSuffix + ".png");

    public bool HasMask(string id) => masks.ContainsKey(Composed(id));

    /// <summary>A file of the root by one of several names.</summary>
    public string? Find(params string[] names) => names.Select(name => Path.Combine(Root, name)).FirstOrDefault(File.Exists);

    private static string? Find(string root, string? given, string[] usual) =>
        (given is null ? usual : [given]).Select(name => Path.Combine(root, name)).FirstOrDefault(Directory.Exists);

    /// <summary>Some systems write an ä as one letter, others as two, so that a photo and its mask may have names that only look alike.</summary>
    private static string Composed(string id) => id.IsNormalized() ? id : id.Normalize();

    /// <summary>The masks that lie among the photos.</summary>
    private HashSet<string> AreMasks(string imageFolder)
    {
        var (photos, all) = (Path.GetFullPath(imageFolder), Path.GetFullPath(maskFolder));
        var isAmong = photos == all ? maskSuffix.Length > 0 : all.StartsWith(photos.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return isAmong ? [.. masks.Values.Select(Path.GetFullPath)] : [];
    }

    private static Dictionary<string, string> ById(string folder, string suffix, string what, Func<string, string> toKey, HashSet<string>? leftOut = null)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = WithoutExtension(Path.GetRelativePath(folder, path).Replace('\\', '/'));
            if (!Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) || Path.GetFileName(path)[0] == '.' || !name.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            if (leftOut is { Count: > 0 } && leftOut.Contains(Path.GetFullPath(path)))
                continue;
            var id = toKey(name[..^suffix.Length]);
            if (!found.TryAdd(id, path))
                throw new InvalidDataException($"{found[id]} and {path} are two {what} of one name; remove one of them.");
        }

        return found;
    }

    private string[] ReadList(string path, string imageFolder)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"The list {path} is missing.", path);
        var ids = new List<string>();
        var number = 0;
        foreach (var line in LineReader.TrimmedLines(path, "a list of photos", MaxLine))
        {
            number++;
            if (line.Length == 0)
                continue;
            var id = new[] { line, line.Split([' ', '\t'], 2)[0] }.SelectMany(name => new[] { name, WithoutExtension(name.Replace('\\', '/')) }).FirstOrDefault(images.ContainsKey);
            ids.Add(id ?? throw new InvalidDataException($"{path}, line {number}: there is no photo '{line}' in {imageFolder}."));
        }

        return ids.Count > 0 ? [.. ids.Distinct(StringComparer.Ordinal)] : throw new InvalidDataException($"{path} names no image.");
    }

    private static string WithoutExtension(string path) =>
        Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) ? path[..^Path.GetExtension(path).Length] : path;
}
