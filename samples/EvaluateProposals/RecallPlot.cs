using System.Globalization;
using System.Security;
using System.Text;
using DeconvNet.Evaluation;

namespace EvaluateProposals;

/// <summary>Recall at IoU 0.5 against the number of proposals (on a logarithmic scale), as SVG.</summary>
internal static class RecallPlot
{
    private const int Width = 760;
    private const int Height = 440;
    private const int Left = 56;
    private const int Right = 20;
    private const int Top = 20;
    private const int Bottom = 48;
    private const int Most = 1000;

    private static readonly string[] Colours = ["#d66014", "#1f77b4", "#2c8c3c", "#9650aa", "#777777", "#b8860b"];

    public static string Svg(IReadOnlyList<(string Name, ProposalRecall Recall)> measured)
    {
        var svg = new StringBuilder();
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="13" fill="#333">""");
        Line(svg, $"""<rect width="{Width}" height="{Height}" fill="#fff"/>""");
        for (var tenth = 0; tenth <= 10; tenth += 2)
        {
            Line(svg, $"""<path d="M{Left} {Y(tenth / 10.0):F1}H{Width - Right}" stroke="#ddd"/>""");
            Line(svg, $"""<text x="{Left - 8}" y="{Y(tenth / 10.0) + 4:F1}" text-anchor="end">{tenth * 10} %</text>""");
        }

        foreach (var count in (int[])[1, 10, 50, 200, 1000])
        {
            Line(svg, $"""<path d="M{X(count):F1} {Top}V{Height - Bottom}" stroke="#ddd"/>""");
            Line(svg, $"""<text x="{X(count):F1}" y="{Height - Bottom + 18}" text-anchor="middle">{count}</text>""");
        }

        Line(svg, $"""<text x="{(Left + Width - Right) / 2}" y="{Height - 10}" text-anchor="middle">proposals an image; objects covered at IoU 0.5</text>""");
        var counts = Enumerable.Range(0, 61).Select(i => (int)Math.Round(Math.Pow(Most, i / 60.0))).Distinct().ToArray();
        for (var i = 0; i < measured.Count; i++)
        {
            var colour = Colours[i % Colours.Length];
            var points = counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{X(count):F1},{Y(measured[i].Recall.Recall(count, 0.5)):F1}"));
            Line(svg, $"""<polyline fill="none" stroke="{colour}" stroke-width="2" points="{string.Join(' ', points)}"/>""");
            Line(svg, $"""<path d="M{Left + 16} {Top + 20 + (20 * i)}h22" stroke="{colour}" stroke-width="3"/>""");
            Line(svg, $"""<text x="{Left + 46}" y="{Top + 24 + (20 * i)}">{SecurityElement.Escape(measured[i].Name)}</text>""");
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static double X(int count) => Left + ((Width - Left - Right) * Math.Log(count) / Math.Log(Most));

    private static double Y(double share) => Height - Bottom - ((Height - Top - Bottom) * share);

    private static void Line(StringBuilder svg, FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
