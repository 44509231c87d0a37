namespace DeconvNet.Datasets;

/// <summary>A category of a COCO file that maps to a class of a different name.</summary>
/// <param name="Category">Name of the category in the file.</param>
/// <param name="ClassName">Name of the class.</param>
public sealed record CocoCategory(string Category, string ClassName);

/// <summary>Which categories of a COCO file become which classes. Immutable; checked when a data set is opened.</summary>
public sealed record CocoDatasetOptions
{
    /// <summary>VOC's 20 classes with VOC's names and ids; COCO has different names for six of them.</summary>
    public static CocoDatasetOptions Voc { get; } = new()
    {
        ClassNames = VocClasses.Names,
        Categories =
        [
            new("airplane", "aeroplane"), new("couch", "sofa"), new("dining table", "diningtable"), new("motorcycle", "motorbike"), new("potted plant", "pottedplant"), new("tv", "tvmonitor"),
        ],
    };

    /// <summary>Class names by id, background first; all other categories are background. Default null: every category, in the order of the category ids.</summary>
    public IReadOnlyList<string>? ClassNames
    {
        get;
        init => field = value is null ? null : new ValueList<string>(value);
    }

    /// <summary>Categories that map to a class of a different name; several may map to one class. Default none: a category maps to the class of the same name.</summary>
    public IReadOnlyList<CocoCategory> Categories
    {
        get;
        init => field = value is null ? null! : new ValueList<CocoCategory>(value);
    }
    = new ValueList<CocoCategory>([]);

    /// <summary>Whether images without an object of the classes are included. Default false.</summary>
    public bool IncludeEmptyImages { get; init; }

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Categories);
        OptionValue.Require(ClassNames is null or { Count: >= 2 and <= 255 }, this, ClassNames, "2 to 255 names, background first");
        OptionValue.Require(ClassNames is null || ClassNames.Distinct(StringComparer.Ordinal).Count() == ClassNames.Count, this, ClassNames, "names that differ");
        OptionValue.Require(Categories.Select(entry => entry.Category).Distinct(StringComparer.Ordinal).Count() == Categories.Count, this, Categories, "categories that differ");
    }
}
