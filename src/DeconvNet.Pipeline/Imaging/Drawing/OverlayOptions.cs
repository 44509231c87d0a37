namespace DeconvNet.Imaging.Drawing;

/// <summary>Options of <see cref="Overlay"/>. Immutable.</summary>
public sealed record OverlayOptions
{
    /// <summary>Value of <see cref="Font"/> for the built-in font, which gives the same pixels on every machine.</summary>
    public const string BuiltInFont = "built-in";

    private readonly ValueList<string>? classes;
    private readonly ValueList<Rgb>? palette;

    /// <summary>All classes, with outlines and a legend below.</summary>
    public static OverlayOptions Default { get; } = new();

    /// <summary>Opacity of the class colors, 0 (photo only) … 1. Default 0.55.</summary>
    public double Opacity { get; init; } = 0.55;

    /// <summary>Whether classes are outlined, in white between two dark lines, which is visible on light and dark photos.</summary>
    public bool Outline { get; init; } = true;

    /// <summary>Names of the classes to show; the others keep the photo's colors. <see langword="null"/> shows all, and includes background in the legend.</summary>
    public IReadOnlyList<string>? Classes
    {
        get => classes;
        init => classes = value is null ? null : new ValueList<string>(value);
    }

    /// <summary>Colors by class id; the first, for background, is not drawn. Missing colors are taken from <see cref="ClassColors"/>; <see langword="null"/> takes all from there.</summary>
    public IReadOnlyList<Rgb>? Palette
    {
        get => palette;
        init => palette = value is null ? null : new ValueList<Rgb>(value);
    }

    /// <summary>Placement of the legend.</summary>
    public LegendPlacement Legend { get; init; } = LegendPlacement.Below;

    /// <summary>
    /// The font of the legend: an installed font family, the path of a font file, or <see cref="BuiltInFont"/>. <see langword="null"/> takes a common installed
    /// sans-serif font, or else the built-in one.
    /// </summary>
    public string? Font { get; init; }

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        OptionValue.Require(Opacity is >= 0 and <= 1, this, Opacity, "0 to 1");
        OptionValue.Require(Enum.IsDefined(Legend), this, Legend, "Below, Inside or None");
        OptionValue.Require(Palette is null or { Count: <= 256 }, this, Palette?.Count, "at most 256 colors", nameof(Palette));
    }

    internal Rgb Color(byte id) => palette is not null && id < palette.Count ? palette[id] : ClassColors.Color(id);
}
