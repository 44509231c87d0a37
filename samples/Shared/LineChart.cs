using System.Globalization;
using System.Security;
using System.Text;

namespace Samples;

/// <summary>A chart of percentages against a number, as SVG.</summary>
internal sealed class LineChart
{
    private const int Width = 760;
    private const int Height = 440;
    private const int Left = 56;
    private const int Right = 20;
    private const int Top = 20;
    private const int Bottom = 48;

    private static readonly string[] Colors = ["#d66014", "#1f77b4", "#2c8c3c", "#9650aa", "#777777", "#b8860b", "#b0b0b0"];

    /// <summary>Title of the horizontal axis.</summary>
    public required string Title { get; init; }

    /// <summary>Tick values of the horizontal axis, including both ends.</summary>
    public required IReadOnlyList<int> Numbers { get; init; }

    /// <summary>Lower end of the vertical axis, 0 … 1.</summary>
    public double Min { get; init; }

    /// <summary>Upper end of the vertical axis, 0 … 1.</summary>
    public double Max { get; init; } = 1;

    /// <summary>Whether the horizontal axis is linear rather than logarithmic.</summary>
    public bool IsLinear { get; init; }

    /// <summary>Whether the legend is in the lower right corner rather than the upper left one.</summary>
    public bool HasNamesBelow { get; init; }

    /// <summary>Whether each point is marked and labeled.</summary>
    public bool MarksPoints { get; init; }

    public string ToSvg(IReadOnlyList<(string Name, IReadOnlyList<(int Number, double Fraction)> Points)> lines)
    {
        var svg = new StringBuilder();
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="13" fill="#333">""");
        Add(svg, $"""<rect width="{Width}" height="{Height}" fill="#fff"/>""");
        var step = Max - Min > 0.5 ? 20 : 5;
        for (var percent = (int)Math.Round(100 * Min); percent <= (100 * Max) + 0.5; percent += step)
        {
            var fraction = percent / 100.0;
            Add(svg, $"""<path d="M{Left} {Y(fraction):F1}H{Width - Right}" stroke="#ddd"/>""");
            Add(svg, $"""<text x="{Left - 8}" y="{Y(fraction) + 4:F1}" text-anchor="end">{percent} %</text>""");
        }

        foreach (var number in Numbers)
        {
            Add(svg, $"""<path d="M{X(number):F1} {Top}V{Height - Bottom}" stroke="#ddd"/>""");
            Add(svg, $"""<text x="{X(number):F1}" y="{Height - Bottom + 18}" text-anchor="middle">{number}</text>""");
        }

        Add(svg, $"""<text x="{(Left + Width - Right) / 2}" y="{Height - 10}" text-anchor="middle">{SecurityElement.Escape(Title)}</text>""");
        for (var i = 0; i < lines.Count; i++)
        {
            AddLine(svg, lines[i].Points, i);
            AddName(svg, lines[i].Name, i, lines.Count);
        }


        return svg.AppendLine("</svg>").ToString();
    }

    private void AddLine(StringBuilder svg, IReadOnlyList<(int Number, double Fraction)> points, int i)
    {
        var color = Colors[i % Colors.Length];
        var places = points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Number):F1},{Y(point.Fraction):F1}"));
        Add(svg, $"""<polyline fill="none" stroke="{color}" stroke-width="2" points="{string.Join(' ', places)}"/>""");
        if (!MarksPoints)
            return;

        foreach (var (number, fraction) in points)
        {
            Add(svg, $"""<circle cx="{X(number):F1}" cy="{Y(fraction):F1}" r="4" fill="{color}"/>""");
            Add(svg, $"""<text x="{X(number):F1}" y="{Y(fraction) + 20:F1}" text-anchor="middle" fill="{color}">{100 * fraction:F1}</text>""");
        }
    }

    private void AddName(StringBuilder svg, string name, int i, int count)
    {
        var (x, y) = HasNamesBelow ? (Width - Right - 180, Height - Bottom - 16 - (20 * (count - 1 - i))) : (Left + 16, Top + 20 + (20 * i));
        Add(svg, $"""<path d="M{x} {y}h22" stroke="{Colors[i % Colors.Length]}" stroke-width="3"/>""");
        Add(svg, $"""<text x="{x + 30}" y="{y + 4}">{SecurityElement.Escape(name)}</text>""");
    }

    private double X(int number) => Left + ((Width - Left - Right) * (IsLinear
        ? (double)(number - Numbers[0]) / (Numbers[^1] - Numbers[0])
        : Math.Log((double)number / Numbers[0]) / Math.Log((double)Numbers[^1] / Numbers[0])));

    private double Y(double fraction) => Height - Bottom - ((Height - Top - Bottom) * (fraction - Min) / (Max - Min));

    private static void Add(StringBuilder svg, FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
