namespace DeconvNet.Imaging.Drawing;

/// <summary>How <see cref="Overlay"/> shows classes on a photo. Immutable.</summary>
public sealed record OverlayOptions
{
    /// <summary>The value of <see cref="Font"/> for the built-in letters, which are the same pixels on every machine.</summary>
    public const string BuiltInFont = "built-in";

    private readonly ValueList<string>? classes;
    private readonly ValueList<Rgb>? palette;

    /// <summary>All classes with outlines, and a legend below.</summary>
    public static OverlayOptions Default { get; } = new();

    /// <summary>Weight of the class color, 0 (photo alone) … 1. Default 0.55.</summary>
    public double Opacity { get; init; } = 0.55;

    /// <summary>Whether classes have an outline, white between two dark lines, which is seen on light and on dark photos.</summary>
    public bool Outline { get; init; } = true;

    /// <summary>The names of the classes to show; the others keep the photo's colors. <see langword="null"/> shows all, and lists background in the legend too.</summary>
    public IReadOnlyList<string>? Classes
    {
        get => classes;
        init => classes = value is null ? null : new ValueList<string>(value);
    }

    /// <summary>The colors by class id, the first for background, which is not drawn; classes beyond its end have those of <see cref="ClassColors"/>, as all have where it is <see langword="null"/>.</summary>
    public IReadOnlyList<Rgb>? Palette
    {
        get => palette;
        init => palette = value is null ? null : new ValueList<Rgb>(value);
    }

    /// <summary>Where the classes are named.</summary>
    public LegendPlacement Legend { get; init; } = LegendPlacement.Below;

    /// <summary>
    /// The font of the legend: the family of an installed one, the path of a font file, or <see cref="BuiltInFont"/>. <see langword="null"/> takes a common
    /// sans-serif of the machine, and the built-in letters where there is none.
    /// </summary>
    public string? Font { get; init; }

    /// <summary>The options by name and value; the same under every culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        OptionValue.Require(Opacity is >= 0 and <= 1, this, Opacity, "0 to 1");
        OptionValue.Require(Enum.IsDefined(Legend), this, Legend, "Below, Inside or None");
        OptionValue.Require(Palette is null or { Count: <= 256 }, this, Palette?.Count, "at most 256 colors", nameof(Palette));
    }

    internal Rgb Color(byte id) => palette is not null && id < palette.Count ? palette[id] : ClassColors.Of(id);
}
