using DeconvNet.Datasets.Coco;
using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>
/// Photos with the instance annotations of a COCO file: polygons, run lengths and compressed run lengths, filled as COCO's own tools fill them. Crowds are void. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// The file is read once, when the set is opened; in memory stays where each annotation stands, 50 bytes, and the outlines of an image are read from the file when they are asked for. So the file must
/// stay as it is. Where objects overlap, smaller ones lie over larger ones. The id of an image is its file name without extension.
/// </remarks>
public sealed partial class CocoDataset : ISegmentationDataset
{
    private const string Background = "background";

    private readonly string annotations;
    private readonly string imageFolder;
    private readonly CocoImage[] images;
    private readonly Dictionary<int, byte> classOf;
    private readonly string fingerprint;

    /// <summary>Opens a COCO file; half a gigabyte takes some seconds.</summary>
    /// <param name="annotations">The JSON file, for instance <c>instances_train2017.json</c>.</param>
    /// <param name="imageFolder">The folder of the photos that it names.</param>
    /// <param name="options">Which categories become which classes; all of them if omitted.</param>
    /// <param name="progress">Receives how much of the file is read, in KiB.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a class is no category of the file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no COCO file, or no image shows one of the classes.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public CocoDataset(string annotations, string imageFolder, CocoDatasetOptions? options = null, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(annotations);
        ArgumentException.ThrowIfNullOrEmpty(imageFolder);
        options ??= new CocoDatasetOptions();
        options.Validate();
        if (!Directory.Exists(imageFolder))
            throw new DirectoryNotFoundException($"There is no folder '{imageFolder}' of photos.");

        (this.annotations, this.imageFolder) = (annotations, imageFolder);
        var index = CocoIndex.Read(annotations, progress, cancellationToken);
        HasLabels = index.HasAnnotations;
        (ClassNames, classOf) = Classes(index.Categories, options);
        ClassColors = Array.AsReadOnly([.. Enumerable.Range(0, ClassNames.Count).Select(id => VocPalette.Color((byte)id))]);
        images = [.. index.Images.Where(image => options.IncludeEmptyImages || !HasLabels || image.Annotations.Exists(each => !each.IsCrowd && classOf.ContainsKey(each.Category)))];
        if (images.Length == 0)
        {
            throw new InvalidDataException(index.Images.Count == 0
                ? $"{annotations} has no images."
                : $"No image of {annotations} shows one of the classes {string.Join(", ", ClassNames.Skip(1))}; it has the categories {string.Join(", ", index.Categories.Values)}.");
        }

        Ids = Array.AsReadOnly([.. images.Select(image => Path.ChangeExtension(image.FileName, null).Replace('\\', '/'))]);
        if (Ids.CountBy(id => id, StringComparer.Ordinal).FirstOrDefault(count => count.Value > 1) is { Value: > 1 } twice)
            throw new InvalidDataException($"{annotations} names {twice.Value} images '{twice.Key}'.");
        fingerprint = $"{DatasetFiles.Sizes(annotations)} {options}";
    }

    /// <summary>Name of the annotations' file, without extension.</summary>
    public string Name => Path.GetFileNameWithoutExtension(annotations);

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>VOC's colors, by class id.</summary>
    public IReadOnlyList<Rgb> ClassColors { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Ids { get; }

    /// <inheritdoc/>
    public int Count => images.Length;

    /// <summary>Whether the file has annotations; false for COCO's test sets.</summary>
    public bool HasLabels { get; }

    /// <inheritdoc cref="HasLabels"/>
    public bool HasObjects => HasLabels;

    private static (IReadOnlyList<string> Names, Dictionary<int, byte> ClassOf) Classes(SortedDictionary<int, string> categories, CocoDatasetOptions options)
    {
        var renamed = options.Categories.ToDictionary(entry => entry.Category, entry => entry.ClassName, StringComparer.Ordinal);
        if (renamed.Keys.FirstOrDefault(name => !categories.ContainsValue(name)) is { } missing && options.ClassNames is null)
            throw Unknown(missing);
        var named = categories.ToDictionary(entry => entry.Key, entry => renamed.GetValueOrDefault(entry.Value, entry.Value));
        string[] names = options.ClassNames is { } given ? [.. given] : [Background, .. named.Values.Where(name => name != Background).Distinct(StringComparer.Ordinal)];
        if (names.Length > LabelMap.Void)
            throw new ArgumentException($"The file has {names.Length - 1} categories; a label map has room for 254. Choose some with CocoDatasetOptions.ClassNames.", nameof(options));
        if (names.Skip(1).FirstOrDefault(name => !named.ContainsValue(name)) is { } unknown)
            throw Unknown(unknown);

        return (Array.AsReadOnly(names), named.Where(entry => Array.IndexOf(names, entry.Value) > 0).ToDictionary(entry => entry.Key, entry => (byte)Array.IndexOf(names, entry.Value)));

        ArgumentException Unknown(string name) => new($"The file has no category '{name}'; it has {string.Join(", ", categories.Values)}.", nameof(options));
    }
}
