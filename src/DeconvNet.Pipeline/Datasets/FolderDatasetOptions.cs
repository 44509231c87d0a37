namespace DeconvNet.Datasets;

/// <summary>Where a <see cref="FolderDataset"/> finds photos, masks and classes, and what its masks hold. Immutable; checked when a data set is opened.</summary>
/// <remarks>
/// Masks are read in one of two ways. With <see cref="Colors"/> by color: whatever the file stores, its picture counts. Without, by number: the index of a palette PNG, or the gray level
/// of any other file, is the class id.
/// </remarks>
public sealed record FolderDatasetOptions
{
    /// <summary>
    /// Folder of the photos, from the root; folders in it are searched too. Default null: <c>images</c>, or <c>JPEGImages</c>. Masks may lie among the photos, or in a folder below, if
    /// <see cref="MaskSuffix"/> or <see cref="MaskFolder"/> tells them apart.
    /// </summary>
    public string? ImageFolder { get; init; }

    /// <summary>Folder of the masks, from the root. Default null: <c>masks</c>, <c>labels</c> or <c>SegmentationClass</c>.</summary>
    public string? MaskFolder { get; init; }

    /// <summary>How the names of photos end before the extension, for instance <c>_leftImg8bit</c>; what stands before it is the id. Other files are passed over. Default empty.</summary>
    public string ImageSuffix { get; init; } = "";

    /// <summary>What stands between the id and the extension in the name of a mask, for instance <c>_mask</c>. Default empty.</summary>
    public string MaskSuffix { get; init; } = "";

    /// <summary>
    /// A text file, from the root, with the id of an image on each line, in the order of the set; extensions are dropped, and so is what follows a blank where the whole line is no id. Default null: every photo, in ordinal order of the ids.
    /// </summary>
    public string? List { get; init; }

    /// <summary>
    /// Class names by id; index 0 is background. Default null: those of <see cref="Colors"/>, or from the root's <c>classes.txt</c> or <c>class_names.txt</c> (a name on each line; labelme's
    /// <c>__ignore__</c> is left out, and <c>_background_</c> is background).
    /// </summary>
    public IReadOnlyList<string>? ClassNames
    {
        get;
        init => field = value is null ? null : new ValueList<string>(value);
    }

    /// <summary>
    /// The colors of color-coded masks. Default null: from the root's <c>labelmap.txt</c>, <c>class_dict.csv</c> or <c>label_colors.txt</c> where there is one and no names are given; else masks hold numbers.
    /// </summary>
    public ColorMap? Colors { get; init; }

    /// <summary>The number that masks hold for each class, by class id, each once. Default null: the class id itself.</summary>
    public IReadOnlyList<byte>? ClassValues
    {
        get;
        init => field = value is null ? null : new ValueList<byte>(value);
    }

    /// <summary>
    /// Numbers of masks that mean "unlabeled, ignore". Default null: 255, except where it is the object. In a set of two classes 255 may be either: black and white masks hold 0 and 255, masks
    /// after VOC hold 0, 1 and 255 for outlines. Where no mask among the first 100 holds 1, 255 is taken for class 1; <c>[255]</c> makes it void whatever the masks hold.
    /// </summary>
    public IReadOnlyList<byte>? VoidValues
    {
        get;
        init => field = value is null ? null : new ValueList<byte>(value);
    }

    /// <summary>Whether numbers and colors that are of no class and not void count as void, instead of being refused. Default false.</summary>
    public bool UnknownIsVoid { get; init; }

    /// <summary>The options as text, the same under every culture.</summary>
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
