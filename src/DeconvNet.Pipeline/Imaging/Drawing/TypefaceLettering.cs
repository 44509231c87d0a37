using SkiaSharp;

namespace DeconvNet.Imaging.Drawing;

/// <summary>Text in an installed font, antialiased.</summary>
/// <param name="typeface">The font, which is shared and not disposed.</param>
/// <param name="capitalHeight">Height of capitals in pixels.</param>
internal sealed class TypefaceLettering(SKTypeface typeface, int capitalHeight) : Lettering
{
    // Typical cap height, for fonts that do not state theirs.
    private const float UsualCapital = 0.72f;

    private readonly float size = capitalHeight / CapitalOf(typeface);

    public override int Measure(string text)
    {
        using var font = Font();
        return (int)MathF.Ceiling(font.MeasureText(text));
    }

    public override void Draw(Canvas canvas, string text, int x, int y, Rgb color)
    {
        using var font = Font();

        // Italics and accents extend beyond the measured width.
        var margin = capitalHeight;
        using var ink = new SKBitmap(new SKImageInfo(Math.Max(1, Measure(text)) + (2 * margin), 4 * capitalHeight, SKColorType.Alpha8, SKAlphaType.Premul));
        ink.Erase(SKColors.Transparent);
        using (var target = new SKCanvas(ink))
        {
            using var paint = new SKPaint { IsAntialias = true, Color = SKColors.Black };
            target.DrawText(text, margin, margin + capitalHeight, SKTextAlign.Left, font, paint);
        }

        var coverage = ink.GetPixelSpan();
        for (var row = 0; row < ink.Height; row++)
        {
            for (var column = 0; column < ink.Width; column++)
                canvas.Blend(x - margin + column, y - margin + row, color, coverage[(row * ink.RowBytes) + column] / 255f);
        }
    }

    private SKFont Font() => new(typeface, size) { Edging = SKFontEdging.Antialias, Subpixel = true, Hinting = SKFontHinting.None };

    private static float CapitalOf(SKTypeface typeface)
    {
        using var font = new SKFont(typeface, 100);
        return font.Metrics.CapHeight is > 20 and < 200 and var height ? height / 100 : UsualCapital;
    }
}
