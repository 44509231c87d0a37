namespace DeconvNet.Imaging.Drawing;

/// <summary>Text of one size on a canvas.</summary>
internal abstract class Lettering
{
    /// <summary>Lettering with capitals of <c>7 · scale</c> pixels.</summary>
    /// <param name="font">As in <see cref="OverlayOptions.Font"/>.</param>
    /// <param name="scale">Size of a dot of the built-in font in pixels.</param>
    /// <exception cref="ArgumentException">There is no such font.</exception>
    public static Lettering Of(string? font, int scale)
    {
        if (font == OverlayOptions.BuiltInFont)
            return new DotLettering(scale);
        var typeface = font is null ? Typefaces.Usual : Typefaces.Find(font);
        return typeface is null ? new DotLettering(scale) : new TypefaceLettering(typeface, BitmapFont.CapitalHeight * scale);
    }

    /// <summary>Width of a text in pixels.</summary>
    public abstract int Measure(string text);

    /// <summary>Draws a text; the upper left corner of its capitals is at <paramref name="x"/>, <paramref name="y"/>.</summary>
    public abstract void Draw(Canvas canvas, string text, int x, int y, Rgb color);

    private sealed class DotLettering(int scale) : Lettering
    {
        public override int Measure(string text) => BitmapFont.Measure(text, scale);

        public override void Draw(Canvas canvas, string text, int x, int y, Rgb color) => BitmapFont.Draw(canvas, text, x, y, scale, color);
    }
}
