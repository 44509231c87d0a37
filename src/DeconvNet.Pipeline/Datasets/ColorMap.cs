using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>A class and its color in color-coded masks.</summary>
/// <param name="Name">The class name.</param>
/// <param name="Color">The color, exactly.</param>
public sealed record ClassColor(string Name, Rgb Color);

/// <summary>
/// Maps the colors of color-coded masks to classes. Colors must match exactly, so masks saved as JPEG or resized with interpolation cannot be read.
/// Immutable, with value equality.
/// </summary>
public sealed partial record ColorMap
{
    /// <summary>Creates a map.</summary>
    /// <param name="classes">The colors, each once; several colors may map to one class.</param>
    /// <param name="voidColors">Colors of void (unlabeled, ignored) pixels; none if omitted.</param>
    /// <exception cref="ArgumentException">There is no class or more than 255, a name is empty, or a color has two meanings.</exception>
    public ColorMap(IEnumerable<ClassColor> classes, IEnumerable<Rgb>? voidColors = null)
    {
        ArgumentNullException.ThrowIfNull(classes);
        (Classes, VoidColors) = (new ValueList<ClassColor>(classes), new ValueList<Rgb>(voidColors ?? []));
        if (Classes.FirstOrDefault(entry => string.IsNullOrWhiteSpace(entry.Name)) is { } nameless)
            throw new ArgumentException($"The color {Text(nameless.Color)} has no class name.", nameof(classes));
        ClassNames = Array.AsReadOnly([.. Classes.Select(entry => entry.Name).Distinct(StringComparer.Ordinal)]);
        if (ClassNames.Count is 0 or > LabelMap.Void)
            throw new ArgumentException($"A color map has 1 to 255 classes, not {ClassNames.Count}.", nameof(classes));
        if (Classes.Select(entry => entry.Color).Concat(VoidColors).CountBy(color => color).FirstOrDefault(count => count.Value > 1) is { Value: > 1 } twice)
            throw new ArgumentException($"The color {Text(twice.Key)} has two meanings; each color means one class or is void.", nameof(classes));
    }

    /// <summary>The colors of the classes.</summary>
    public IReadOnlyList<ClassColor> Classes { get; }

    /// <summary>Colors of void (unlabeled, ignored) pixels.</summary>
    public IReadOnlyList<Rgb> VoidColors { get; }

    /// <summary>The class names in the order of their first color; the index is the class id.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public bool Equals(ColorMap? other) => other is not null && Classes.Equals(other.Classes) && VoidColors.Equals(other.VoidColors);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Classes, VoidColors);

    /// <summary>The colors and their meanings, independent of the culture.</summary>
    public override string ToString() => string.Join(", ", Classes.Select(entry => $"{entry.Name} {Text(entry.Color)}").Concat(VoidColors.Select(color => $"void {Text(color)}")));

    /// <summary>Class ids by color; <see cref="LabelMap.Void"/> for the void colors.</summary>
    internal Dictionary<Rgb, byte> ToIds()
    {
        var ids = ClassNames.Select((name, id) => (name, id)).ToDictionary(entry => entry.name, entry => (byte)entry.id, StringComparer.Ordinal);
        var colors = Classes.ToDictionary(entry => entry.Color, entry => ids[entry.Name]);
        foreach (var color in VoidColors)
            colors.Add(color, LabelMap.Void);
        return colors;
    }

    internal static string Text(Rgb color) => FormattableString.Invariant($"({color.R}, {color.G}, {color.B})");
}
