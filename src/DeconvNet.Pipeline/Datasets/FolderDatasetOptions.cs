namespace DeconvNet.Datasets;

/// <summary>Where a <see cref="FolderDataset"/> finds photos, masks and classes, and how masks are encoded. Immutable; validated when a data set is opened.</summary>
/// <remarks>
/// Masks are read in one of two ways. With <see cref="Colors"/>, by color, whatever the file format. Without, by number: the class id is the index of a palette PNG, or the gray level
/// of any other file.
/// </remarks>
public sealed record FolderDatasetOptions
{
    /// <summary>
    /// Folder of the photos, relative to the root, searched recursively. Default null: <c>images</c> or <c>JPEGImages</c>. Masks may be in the same folder or below it, if
    /// <see cref="MaskSuffix"/> or <see cref="MaskFolder"/> distinguishes them.
    /// </summary>
    public string? ImageFolder { get; init; }

    /// <summary>Folder of the masks, relative to the root. Default null: <c>masks</c>, <c>labels</c> or <c>SegmentationClass</c>.</summary>
    public string? MaskFolder { get; init; }

    /// <summary>Suffix of photo names before the extension, for instance <c>_leftImg8bit</c>; the id is what precedes it. Other files are skipped. Default empty.</summary>
    public string ImageSuffix { get; init; } = "";

    /// <summary>Suffix of mask names, between the id and the extension, for instance <c>_mask</c>. Default empty.</summary>
    public string MaskSuffix { get; init; } = "";

    /// <summary>
    /// A text file, relative to the root, with one image id per line, in the order of the data set; extensions are dropped, and so is anything after a space if the whole line is not an id. Default null: every photo, in ordinal order of the ids.
    /// </summary>
    public string? List { get; init; }

    /// <summary>
    /// Class names by id; index 0 is background. Default null: those of <see cref="Colors"/>, or from the root's <c>classes.txt</c> or <c>class_names.txt</c> (one name per line; labelme's
    /// <c>__ignore__</c> is left out, and <c>_background_</c> is background).
    /// </summary>
    public IReadOnlyList<string>? ClassNames
    {
        get;
        init => field = value is null ? null : new ValueList<string>(value);
    }

    /// <summary>
    /// The colors of color-coded masks. Default null: from the root's <c>labelmap.txt</c>, <c>class_dict.csv</c> or <c>label_colors.txt</c> if there is one and no names are given; otherwise masks hold numbers.
    /// </summary>
    public ColorMap? Colors { get; init; }

    /// <summary>The pixel value of each class in masks, by class id, all different. Default null: the class id itself.</summary>
    public IReadOnlyList<byte>? ClassValues
    {
        get;
        init => field = value is null ? null : new ValueList<byte>(value);
    }

    /// <summary>
    /// Pixel values of void (unlabeled, ignored) pixels. Default null: 255, unless it is the object. With two classes 255 may be either: black and white masks hold 0 and 255, VOC-style masks
    /// hold 0, 1 and 255 for outlines. If none of the first 100 masks holds 1, 255 is taken for class 1; <c>[255]</c> makes it void in any case.
    /// </summary>
    public IReadOnlyList<byte>? VoidValues
    {
        get;
        init => field = value is null ? null : new ValueList<byte>(value);
    }

    /// <summary>Whether unknown numbers and colors count as void instead of being an error. Default false.</summary>
    public bool UnknownIsVoid { get; init; }

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        OptionValue.Require(Colors is null || (ClassValues ?? VoidValues) is null, this, Colors, "null where ClassValues or VoidValues are given: masks hold colors or numbers");
        OptionValue.Require(Colors is null || ClassNames is null || Colors.ClassNames.All(ClassNames.Contains), this, Colors, "of classes that ClassNames names");
        OptionValue.Require(ClassNames is null || ClassNames.Distinct(StringComparer.Ordinal).Count() == ClassNames.Count, this, ClassNames, "names that differ");
        OptionValue.Require(ClassNames is null or { Count: >= 2 and <= 255 }, this, ClassNames, "2 to 255 names, background first");
        OptionValue.Require(ClassValues is null || ClassValues.Distinct().Count() == ClassValues.Count, this, ClassValues, "numbers that differ");
        OptionValue.Require(ClassValues is null || VoidValues is null || !ClassValues.Intersect(VoidValues).Any(), this, VoidValues, "none of ClassValues");
    }
}
