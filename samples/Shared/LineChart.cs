using System.Globalization;
using System.Security;
using System.Text;

namespace Samples;

/// <summary>Lines over a number of something, in per cent, as SVG.</summary>
internal sealed class LineChart
{
    private const int Width = 760;
    private const int Height = 440;
    private const int Left = 56;
    private const int Right = 20;
    private const int Top = 20;
    private const int Bottom = 48;

    private static readonly string[] Colors = ["#d66014", "#1f77b4", "#2c8c3c", "#9650aa", "#777777", "#b8860b"];

    /// <summary>What stands below the numbers.</summary>
    public required string Title { get; init; }

    /// <summary>The marked numbers; the first and the last are the ends.</summary>
    public required IReadOnlyList<int> Numbers { get; init; }

    /// <summary>The upper end, 0 … 1.</summary>
    public double Most { get; init; } = 1;

    /// <summary>Whether the numbers stand at equal steps, not at equal ratios.</summary>
    public bool IsLinear { get; init; }

    /// <summary>Whether each point is marked and its value written.</summary>
    public bool MarksPoints { get; init; }

    public string ToSvg(IReadOnlyList<(string Name, IReadOnlyList<(int Number, double Share)> Points)> lines)
    {
        var svg = new StringBuilder();
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="13" fill="#333">""");
        Add(svg, $"""<rect width="{Width}" height="{Height}" fill="#fff"/>""");
        var step = Most > 0.5 ? 20 : 5;
        for (var percent = 0; percent <= (100 * Most) + 0.5; percent += step)
        {
            var share = percent / 100.0;
            Add(svg, $"""<path d="M{Left} {Y(share):F1}H{Width - Right}" stroke="#ddd"/>""");
            Add(svg, $"""<text x="{Left - 8}" y="{Y(share) + 4:F1}" text-anchor="end">{percent} %</text>""");
        }

        foreach (var number in Numbers)
        {
            Add(svg, $"""<path d="M{X(number):F1} {Top}V{Height - Bottom}" stroke="#ddd"/>""");
            Add(svg, $"""<text x="{X(number):F1}" y="{Height - Bottom + 18}" text-anchor="middle">{number}</text>""");
        }

        Add(svg, $"""<text x="{(Left + Width - Right) / 2}" y="{Height - 10}" text-anchor="middle">{SecurityElement.Escape(Title)}</text>""");
        for (var i = 0; i < lines.Count; i++)
            AddLine(svg, lines[i].Name, lines[i].Points, i);

        return svg.AppendLine("</svg>").ToString();
    }

    private void AddLine(StringBuilder svg, string name, IReadOnlyList<(int Number, double Share)> points, int i)
    {
        var color = Colors[i % Colors.Length];
        var places = points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Number):F1},{Y(point.Share):F1}"));
        Add(svg, $"""<polyline fill="none" stroke="{color}" stroke-width="2" points="{string.Join(' ', places)}"/>""");
        Add(svg, $"""<path d="M{Left + 16} {Top + 20 + (20 * i)}h22" stroke="{color}" stroke-width="3"/>""");
        Add(svg, $"""<text x="{Left + 46}" y="{Top + 24 + (20 * i)}">{SecurityElement.Escape(name)}</text>""");
        if (!MarksPoints)
            return;

        foreach (var (number, share) in points)
        {
            Add(svg, $"""<circle cx="{X(number):F1}" cy="{Y(share):F1}" r="4" fill="{color}"/>""");
            Add(svg, $"""<text x="{X(number):F1}" y="{Y(share) + 20:F1}" text-anchor="middle" fill="{color}">{100 * share:F1}</text>""");
        }
    }

    private double X(int number) => Left + ((Width - Left - Right) * (IsLinear
        ? (double)(number - Numbers[0]) / (Numbers[^1] - Numbers[0])
        : Math.Log((double)number / Numbers[0]) / Math.Log((double)Numbers[^1] / Numbers[0])));

    private double Y(double share) => Height - Bottom - ((Height - Top - Bottom) * share / Most);

    private static void Add(StringBuilder svg, FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
