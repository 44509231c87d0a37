namespace DeconvNet.Datasets;

/// <summary>A category of a COCO file that counts as a class of another name.</summary>
/// <param name="Category">Name of the category in the file.</param>
/// <param name="ClassName">Name of the class.</param>
public sealed record CocoCategory(string Category, string ClassName);

/// <summary>Which categories of a COCO file become which classes. Immutable; checked when a data set is opened.</summary>
public sealed record CocoDatasetOptions
{
    /// <summary>VOC's 20 classes, under their names and ids there: COCO calls six of them otherwise.</summary>
    public static CocoDatasetOptions Voc { get; } = new()
    {
        ClassNames = VocClasses.Names,
        Categories =
        [
            new("airplane", "aeroplane"), new("couch", "sofa"), new("dining table", "diningtable"), new("motorcycle", "motorbike"), new("potted plant", "pottedplant"), new("tv", "tvmonitor"),
        ],
    };

    /// <summary>Class names by id, background first; categories of no class are background. Default null: every category, in the order of the category ids.</summary>
    public IReadOnlyList<string>? ClassNames
    {
        get;
        init => field = value is null ? null : new ValueList<string>(value);
    }

    /// <summary>Categories that count as a class of another name; several may be one class. Default none: a category is the class of its name.</summary>
    public IReadOnlyList<CocoCategory> Categories
    {
        get;
        init => field = value is null ? null! : new ValueList<CocoCategory>(value);
    }
    = new ValueList<CocoCategory>([]);

    /// <summary>Whether images that show no object of the classes are in the set. Default false.</summary>
    public bool IncludeEmptyImages { get; init; }

    /// <summary>The options as text, the same under every culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Categories);
        OptionValue.Require(ClassNames is null or { Count: >= 2 and <= 255 }, this, ClassNames, "2 to 255 names, background first");
        OptionValue.Require(ClassNames is null || ClassNames.Distinct(StringComparer.Ordinal).Count() == ClassNames.Count, this, ClassNames, "names that differ");
        OptionValue.Require(Categories.Select(entry => entry.Category).Distinct(StringComparer.Ordinal).Count() == Categories.Count, this, Categories, "categories that differ");
    }
}
