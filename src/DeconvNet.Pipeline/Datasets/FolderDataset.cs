using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>
/// Photos in one folder and masks of the same names in another: <c>images/</c>, <c>masks/</c> and <c>classes.txt</c>, or an export of CVAT or labelme as it is. Photos and masks may be of any
/// format that <see cref="RgbImage.Load"/> reads. Nothing but names is read before it is asked for. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// The id of an image is its path in the folder of photos without extension. The objects are the connected regions of the mask, those under 25 pixels left out.
/// </remarks>
public sealed class FolderDataset : ISegmentationDataset
{
    private readonly FolderFiles files;
    private readonly MaskReader masks;
    private readonly string fingerprint;

    /// <summary>Opens a folder that says itself which classes it has.</summary>
    /// <param name="root">The folder that holds <c>images</c> and <c>masks</c>.</param>
    /// <inheritdoc cref="FolderDataset(string, FolderDatasetOptions)" path="/exception"/>
    public FolderDataset(string root)
        : this(root, new FolderDatasetOptions())
    {
    }

    /// <summary>Opens a folder whose classes are given here.</summary>
    /// <param name="root">The folder that holds <c>images</c> and <c>masks</c>.</param>
    /// <param name="classNames">Class names by id; index 0 is background.</param>
    /// <inheritdoc cref="FolderDataset(string, FolderDatasetOptions)" path="/exception"/>
    public FolderDataset(string root, IReadOnlyList<string> classNames)
        : this(root, new FolderDatasetOptions { ClassNames = classNames })
    {
    }

    /// <summary>Opens a folder.</summary>
    /// <param name="root">The folder that holds <c>images</c> and <c>masks</c>.</param>
    /// <param name="options">Names of folders and files, and what masks hold.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or none of photos in it.</exception>
    /// <exception cref="FileNotFoundException">No file names the classes, or the list is missing.</exception>
    /// <exception cref="InvalidDataException">The folder holds no photo, two photos or masks of one name, one class only, or a file of classes or ids that cannot be read.</exception>
    public FolderDataset(string root, FolderDatasetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        files = new FolderFiles(root, options);
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));
        Ids = Array.AsReadOnly(files.Ids);

        var namesFile = options.ClassNames is null && options.Colors is null ? files.Find("classes.txt", "class_names.txt") : null;
        var colors = options.Colors ?? (options.ClassNames is null && namesFile is null && files.Find("labelmap.txt", "class_dict.csv", "label_colors.txt") is { } colorFile ? ColorMap.Load(colorFile) : null);
        ClassNames = Array.AsReadOnly([.. options.ClassNames ?? colors?.ClassNames ?? (namesFile is null ? throw NoClasses(root) : ClassNamesFile.Read(namesFile))]);
        if (ClassNames.Count == 1)
            throw new InvalidDataException($"'{root}' has the one class '{ClassNames[0]}'. Expected two or more, background first: what is not '{ClassNames[0]}' needs a name too.");
        if (options.ClassValues is { } values && values.Count != ClassNames.Count)
            throw new ArgumentException($"FolderDatasetOptions.ClassValues has {values.Count} numbers for the {ClassNames.Count} classes {string.Join(", ", ClassNames)}.", nameof(options));

        ClassColors = Array.AsReadOnly([.. ClassNames.Select((name, id) => colors?.Classes.FirstOrDefault(entry => entry.Name == name)?.Color ?? VocPalette.Color((byte)id))]);
        masks = colors is null
            ? new NumberMaskReader(options, ClassNames, files.Ids.Where(files.HasMask).Select(files.Mask))
            : new ColorMaskReader(colors, ClassNames, options.UnknownIsVoid);
        fingerprint = colors is null ? $"{options}" : $"{options} {colors}";
    }

    /// <summary>Name of the folder.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The colors of the color map; VOC's where there is none.</summary>
    public IReadOnlyList<Rgb> ClassColors { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Ids { get; }

    /// <inheritdoc/>
    public int Count => Ids.Count;

    /// <inheritdoc/>
    public bool HasLabels => Ids.Any(files.HasMask);

    /// <inheritdoc/>
    public bool HasObjects => HasLabels;

    /// <summary>Path of the photo.</summary>
    /// <param name="index">0 … <see cref="Count"/> − 1, as everywhere below.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public string ImagePath(int index) => files.Image(IdAt(index));

    /// <summary>Path of the mask; the file need not be there.</summary>
    /// <param name="index">Which image.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public string LabelsPath(int index) => files.Mask(IdAt(index));

    /// <inheritdoc/>
    public ImageSize ImageSize(int index) => RgbImage.ReadSize(ImagePath(index));

    /// <inheritdoc/>
    public RgbImage LoadImage(int index) => RgbImage.Load(ImagePath(index));

    /// <inheritdoc/>
    public bool HasLabelsOf(int index) => files.HasMask(IdAt(index));

    /// <inheritdoc/>
    public LabelMap LoadLabels(int index)
    {
        var path = LabelsPath(index);
        if (!HasLabelsOf(index))
            throw new FileNotFoundException($"The mask {path} of '{Ids[index]}' is missing.", path);
        var labels = masks.Read(path);
        var photo = ImageSize(index);
        return labels.Size == photo
            ? labels
            : throw new InvalidDataException($"{path} has {labels.Width}×{labels.Height} pixels; {ImagePath(index)} has {photo.Width}×{photo.Height}.");
    }

    /// <summary>Null: a mask does not tell the objects of a class apart.</summary>
    /// <param name="index">Which image.</param>
    public LabelMap? LoadInstances(int index) => IdAt(index) is null ? throw new ArgumentOutOfRangeException(nameof(index)) : null;

    /// <inheritdoc/>
    public bool HasObjectsOf(int index) => HasLabelsOf(index);

    /// <summary>The connected regions of the mask.</summary>
    /// <param name="index">Which image.</param>
    public IReadOnlyList<AnnotatedObject> LoadObjects(int index) => MaskObjects.OfRegions(LoadLabels(index), ClassNames);

    /// <inheritdoc/>
    public string Fingerprint(int index) => $"{DatasetFiles.Sizes(ImagePath(index), LabelsPath(index))} {fingerprint}";

    private string IdAt(int index) => (uint)index < (uint)Ids.Count
        ? Ids[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"The data set has {Ids.Count} images, counted from 0.");

    private static FileNotFoundException NoClasses(string root) => new(
        $"'{root}' does not say which classes it has: write their names to classes.txt, background first, one a line; or give ClassNames or Colors.", Path.Combine(root, "classes.txt"));
}
