using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>
/// The images of one or more image sets in a VOCdevkit folder, with their class masks, instance masks and boxes. Opening reads the
/// lists only; images are loaded on demand. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// Masks are read by palette index, never by color. An <see cref="InvalidDataException"/> names the file that does not fit the others of its image, a
/// <see cref="FileNotFoundException"/> the missing file. In a data set without annotations, the objects come from the
/// instance masks; without those, they are the connected regions of the class masks.
/// </remarks>
public sealed partial class VocDataset : ISegmentationDataset
{
    private readonly VocFolder folder;
    private readonly string[] ids;
    private readonly Lazy<bool> hasLabels;
    private readonly Lazy<bool> hasAnnotations;

    /// <summary>Opens image sets of a VOC folder.</summary>
    /// <param name="root">The folder that holds <c>JPEGImages</c>, <c>SegmentationClass</c>, …; or one that contains it as <c>VOC2012</c> or <c>VOCdevkit/VOC2012</c>.</param>
    /// <param name="imageSet">
    /// Name of a list in <c>ImageSets/Segmentation</c> without <c>.txt</c>, for instance <c>train</c>; several joined by <c>+</c>, for instance
    /// <c>train+trainaug_extra</c>. An id that occurs twice counts once.
    /// </param>
    /// <exception cref="ArgumentException">A name is empty or not a file name.</exception>
    /// <exception cref="DirectoryNotFoundException">The root is not a VOC folder.</exception>
    /// <exception cref="FileNotFoundException">The image set does not exist.</exception>
    /// <exception cref="InvalidDataException">An image set is empty or contains a line that is not an id.</exception>
    public VocDataset(string root, string imageSet)
        : this(new VocFolder(root), imageSet, lists => ReadSets(lists, imageSet))
    {
    }

    private VocDataset(VocFolder folder, string imageSet, Func<VocFolder, IEnumerable<string>> choose)
    {
        this.folder = folder;
        Name = imageSet;
        ids = [.. choose(folder).Distinct(StringComparer.Ordinal)];
        hasLabels = new(() => ids.Any(id => File.Exists(folder.ClassMask(id))));
        hasAnnotations = new(() => ids.Any(id => File.Exists(folder.Annotation(id))));
    }

    /// <summary>The folder that holds <c>JPEGImages</c>.</summary>
    public string Root => folder.Root;

    /// <summary>The name of the image set, as given; empty for a list of ids.</summary>
    public string Name { get; }

    /// <summary>The ids in the order of the lists.</summary>
    public IReadOnlyList<string> Ids => ids.AsReadOnly();

    /// <summary>Number of images.</summary>
    public int Count => ids.Length;

    /// <summary>Class names by id; id 0 is background.</summary>
    public IReadOnlyList<string> ClassNames { get; } = VocClasses.Names;

    /// <summary>VOC's colors.</summary>
    public IReadOnlyList<Rgb> ClassColors { get; } = [.. Enumerable.Range(0, VocClasses.Names.Count).Select(id => VocPalette.Color((byte)id))];

    /// <summary>Whether any image has a class mask; false for VOC's test set.</summary>
    public bool HasLabels => hasLabels.Value;

    /// <summary>Whether any image has an annotation or a class mask.</summary>
    public bool HasObjects => hasAnnotations.Value || HasLabels;

    /// <summary>Opens images of a VOC folder by id, in the given order.</summary>
    /// <param name="root">As for the constructor.</param>
    /// <param name="ids">Ids such as <c>2007_000032</c>; one that occurs twice counts once.</param>
    /// <exception cref="ArgumentException">An id is empty or not a file name.</exception>
    /// <exception cref="DirectoryNotFoundException">The root is not a VOC folder.</exception>
    public static VocDataset FromIds(string root, IEnumerable<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        string[] chosen = [.. ids];
        return Array.Find(chosen, id => !VocFolder.IsPlainName(id)) is { } wrong
            ? throw new ArgumentException($"'{wrong}' is not an image id.", nameof(ids))
            : new VocDataset(new VocFolder(root), "", _ => chosen);
    }

    private static IEnumerable<string> ReadSets(VocFolder folder, string imageSet)
    {
        ArgumentException.ThrowIfNullOrEmpty(imageSet);
        return imageSet.Split('+').SelectMany(folder.ReadImageSet);
    }
}
