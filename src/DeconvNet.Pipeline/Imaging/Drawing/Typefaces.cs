using SkiaSharp;

namespace DeconvNet.Imaging.Drawing;

/// <summary>Installed fonts. On Linux, the native Skia library in use cannot list them, so font files are searched for where distributions put them.</summary>
internal static class Typefaces
{
    private static readonly string[] Families = ["Segoe UI", "Helvetica Neue", "Arial", "DejaVu Sans", "Noto Sans", "Liberation Sans"];

    private static readonly string[] Files =
        ["DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "OpenSans-Regular.ttf", "Roboto-Regular.ttf", "Ubuntu-R.ttf", "Cantarell-Regular.otf", "FreeSans.ttf"];

    private static readonly Lazy<SKTypeface?> FoundUsual = new(() => Families.Select(OfFamily).OfType<SKTypeface>().FirstOrDefault() ?? Files.Select(OfFile).OfType<SKTypeface>().FirstOrDefault());

    /// <summary>A common sans-serif font; <see langword="null"/> if none is installed.</summary>
    public static SKTypeface? Usual => FoundUsual.Value;

    /// <summary>An installed font family, or the font in a file.</summary>
    /// <exception cref="ArgumentException">The font is not installed, or the file contains no font.</exception>
    public static SKTypeface Find(string font) =>
        (File.Exists(font) ? WithLetters(SKTypeface.FromFile(font)) : OfFamily(font) ?? (IsFileName(font) ? OfFile(font.Replace(" ", "", StringComparison.Ordinal) + ".ttf") : null))
        ?? throw new ArgumentException($"There is no font '{font}'. Expected the family of an installed font, the path of a font file, or \"{OverlayOptions.BuiltInFont}\".", nameof(font));

    private static SKTypeface? OfFamily(string family) => WithLetters(SKFontManager.Default.MatchFamily(family));

    private static SKTypeface? OfFile(string name) => Folders().SelectMany(folder => Directory.EnumerateFiles(
            folder, name, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 8, IgnoreInaccessible = true, MatchCasing = MatchCasing.CaseInsensitive }))
        .Order(StringComparer.Ordinal)
        .Select(path => WithLetters(SKTypeface.FromFile(path)))
        .FirstOrDefault(typeface => typeface is not null);

    private static bool IsFileName(string font) => font.Length > 0 && font.AsSpan().IndexOfAny("/\\*?\0") < 0;

    private static IEnumerable<string> Folders()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return new[] { "/usr/share/fonts", "/usr/local/share/fonts", Path.Combine(home, ".local/share/fonts"), Path.Combine(home, ".fonts") }.Where(Directory.Exists);
    }

    // Without fonts, some builds of Skia return an empty one.
    private static SKTypeface? WithLetters(SKTypeface? typeface)
    {
        if (typeface is null)
            return null;

        using var font = new SKFont(typeface);
        if (font.ContainsGlyphs("Aa0%"))
            return typeface;

        typeface.Dispose();
        return null;
    }
}
