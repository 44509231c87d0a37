using System.Collections.Frozen;

namespace DeconvNet.Imaging.Drawing;

/// <summary>
/// A small built-in font, 5×7 pixels plus two rows for descenders, for machines without fonts.
/// Scaled by integer factors, with antialiased edges. ASCII letters, digits and some punctuation; anything else is drawn as "?".
/// </summary>
internal static partial class BitmapFont
{
    /// <summary>Height of capitals in rows.</summary>
    public const int CapitalHeight = 7;

    /// <summary>Total number of rows, including descenders.</summary>
    public const int Height = 9;

    private const int SpaceWidth = 3;

    private static readonly FrozenDictionary<char, bool[,]> Glyphs = Parse().ToFrozenDictionary();

    /// <summary>Width of a text in pixels.</summary>
    public static int Measure(string text, int scale)
    {
        var width = 0;
        foreach (var letter in text)
            width += Advance(letter);

        return Math.Max(0, width - 1) * scale;
    }

    /// <summary>Draws a text; the upper left corner of its capitals is at <paramref name="x"/>, <paramref name="y"/>.</summary>
    public static void Draw(Canvas canvas, string text, int x, int y, int scale, Rgb color)
    {
        foreach (var letter in text)
        {
            if (letter != ' ')
                Draw(canvas, Glyph(letter), x, y, scale, color);

            x += Advance(letter) * scale;
        }
    }

    private static void Draw(Canvas canvas, bool[,] glyph, int left, int top, int scale, Rgb color)
    {
        var (width, height) = (glyph.GetLength(1), glyph.GetLength(0));

        // Rounded ends and diagonals extend half a dot beyond the dots.
        var margin = scale / 2;
        for (var y = -margin; y < (height * scale) + margin; y++)
        {
            for (var x = -margin; x < (width * scale) + margin; x++)
            {
                var ink = Ink(glyph, ((x + 0.5f) / scale) - 0.5f, ((y + 0.5f) / scale) - 0.5f);
                canvas.Blend(left + x, top + y, color, scale == 1 ? ink : ((ink - 0.44f) * scale) + 0.5f);
            }
        }
    }

    /// <summary>Ink between the dots, interpolated bilinearly, so that the contour at one half has rounded corners.</summary>
    private static float Ink(bool[,] glyph, float x, float y)
    {
        var (column, row) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        var (right, below) = (x - column, y - row);
        return ((1 - below) * (((1 - right) * Dot(column, row)) + (right * Dot(column + 1, row))))
            + (below * (((1 - right) * Dot(column, row + 1)) + (right * Dot(column + 1, row + 1))));

        int Dot(int column, int row) =>
            (uint)column < (uint)glyph.GetLength(1) && (uint)row < (uint)glyph.GetLength(0) && glyph[row, column] ? 1 : 0;
    }

    private static int Advance(char letter) => (letter == ' ' ? SpaceWidth : Glyph(letter).GetLength(1)) + 1;

    private static bool[,] Glyph(char letter) => Glyphs.TryGetValue(letter, out var glyph) ? glyph : Glyphs['?'];

    private static Dictionary<char, bool[,]> Parse()
    {
        var glyphs = new Dictionary<char, bool[,]>();
        var lines = Art.ReplaceLineEndings("\n").Split('\n');
        for (var start = 0; start < lines.Length;)
        {
            var end = start + 1;
            while (end < lines.Length && lines[end].Length > 5 && lines[end][5] == ' ' && lines[end][1] != ' ')
                end++;

            for (var column = 0; column < lines[start].Length; column += 6)
                glyphs.Add(lines[start][column], Cut(lines.AsSpan(start + 1, end - start - 1), column));

            start = end;
        }

        return glyphs;
    }

    private static bool[,] Cut(ReadOnlySpan<string> rows, int column)
    {
        var width = 5;
        while (width > 1 && Blank(rows, column + width - 1))
            width--;

        var first = 0;
        while (first < width - 1 && Blank(rows, column + first))
            first++;

        var glyph = new bool[Height, width - first];
        for (var y = 0; y < rows.Length; y++)
        {
            for (var x = first; x < width; x++)
                glyph[y, x - first] = rows[y][column + x] == '#';
        }

        return glyph;
    }

    private static bool Blank(ReadOnlySpan<string> rows, int column)
    {
        foreach (var row in rows)
        {
            if (row[column] == '#')
                return false;
        }

        return true;
    }
}
