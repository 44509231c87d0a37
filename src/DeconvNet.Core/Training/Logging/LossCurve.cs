using System.Globalization;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Drawing;

namespace DeconvNet.Training.Logging;

/// <summary>Draws the loss curve of a training run: each step as a faint dot, the running mean as a line, the stages side by side.</summary>
internal static class LossCurve
{
    /// <summary>File name in a training folder.</summary>
    public const string FileName = "loss.png";

    private const int Left = 70;
    private const int Right = 20;
    private const int Top = 50;
    private const int Bottom = 50;
    private const int TextScale = 2;

    private static readonly Rgb Paper = new(255, 255, 255);
    private static readonly Rgb Ink = new(60, 60, 60);
    private static readonly Rgb Validated = new(120, 30, 120);
    private static readonly Rgb Grid = new(225, 225, 225);
    private static readonly double[] NiceFactors = [1, 2, 4, 5, 8, 10];
    private static readonly Rgb[] StageColors = [new(31, 119, 180), new(214, 96, 20), new(44, 140, 60), new(150, 80, 170)];

    /// <summary>Draws the rows of a loss log.</summary>
    /// <param name="entries">At least one row; see <see cref="LossLog.Read"/>.</param>
    /// <param name="width">Width in pixels, at least 200.</param>
    /// <param name="height">Height in pixels, at least 150.</param>
    /// <exception cref="ArgumentException">There is no row, or the picture is too small.</exception>
    public static RgbImage Draw(IReadOnlyList<LossLogEntry> entries, int width = 1000, int height = 500)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 200);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 150);
        if (entries.Count == 0)
            throw new ArgumentException("The log has no row.", nameof(entries));

        var canvas = new Canvas(width, height);
        canvas.Fill(Paper);
        var mean = RunningMean(entries, Math.Max(1, entries.Count / 100));
        var top = NiceCeiling(Math.Max(mean.Max(), entries.Select(entry => entry.Loss).Order().ElementAt(entries.Count * 98 / 100)));
        DrawScale(canvas, top);

        double X(int index) => Left + ((width - Left - Right) * (index + 0.5) / entries.Count);
        double Y(double loss) => height - Bottom - ((height - Top - Bottom) * Math.Min(1, loss / top));

        var stage = -1;
        for (var i = 0; i < entries.Count; i++)
        {
            if (i == 0 || entries[i].Stage != entries[i - 1].Stage)
            {
                stage++;
                if (i > 0)
                    canvas.DrawLine(X(i), Top, X(i), height - Bottom, 1, Ink, 0.4f);
                BitmapFont.Draw(canvas, entries[i].Stage, (int)X(i) + 8, Top - 26, TextScale, StageColors[stage % StageColors.Length]);
            }

            var color = StageColors[stage % StageColors.Length];
            canvas.DrawDot(X(i), Y(entries[i].Loss), 1.2, color, 0.25f);
            if (i > 0 && entries[i].Stage == entries[i - 1].Stage)
                canvas.DrawLine(X(i - 1), Y(mean[i - 1]), X(i), Y(mean[i]), 1.6, color, 1);
        }

        DrawMeanIoU(canvas, entries, X, share => Y(share * top));
        BitmapFont.Draw(canvas, "loss", 8, 10, TextScale, Ink);
        var steps = string.Create(CultureInfo.InvariantCulture, $"{entries.Count} steps");
        BitmapFont.Draw(canvas, steps, width - Right - BitmapFont.Measure(steps, TextScale), height - Bottom + 16, TextScale, Ink);
        return new RgbImage(width, height, canvas.Pixels);
    }

    /// <summary>Draws the validations as connected dots from 0 at the bottom to 1 at the top, with the best one in words.</summary>
    private static void DrawMeanIoU(Canvas canvas, IReadOnlyList<LossLogEntry> entries, Func<int, double> x, Func<double, double> y)
    {
        int[] looks = [.. Enumerable.Range(0, entries.Count).Where(i => !double.IsNaN(entries[i].MeanIoU))];
        for (var i = 0; i < looks.Length; i++)
        {
            canvas.DrawDot(x(looks[i]), y(entries[looks[i]].MeanIoU), 3, Validated, 1);
            if (i > 0)
                canvas.DrawLine(x(looks[i - 1]), y(entries[looks[i - 1]].MeanIoU), x(looks[i]), y(entries[looks[i]].MeanIoU), 2, Validated, 0.8f);
        }

        if (looks.Length == 0)
            return;
        var text = string.Create(CultureInfo.InvariantCulture, $"mean IoU 0 to 100 %, best {100 * looks.Max(i => entries[i].MeanIoU):0.0} %");
        BitmapFont.Draw(canvas, text, canvas.Width - Right - BitmapFont.Measure(text, TextScale), 10, TextScale, Validated);
    }

    private static void DrawScale(Canvas canvas, double top)
    {
        for (var i = 0; i <= 4; i++)
        {
            var y = canvas.Height - Bottom - ((canvas.Height - Top - Bottom) * i / 4);
            canvas.DrawLine(Left, y, canvas.Width - Right, y, 1, Grid, 1);
            var text = (top * i / 4).ToString("0.##", CultureInfo.InvariantCulture);
            BitmapFont.Draw(canvas, text, Left - 10 - BitmapFont.Measure(text, TextScale), y - BitmapFont.CapitalHeight, TextScale, Ink);
        }
    }

    private static double[] RunningMean(IReadOnlyList<LossLogEntry> entries, int reach)
    {
        var means = new double[entries.Count];
        var window = new Queue<double>();
        var sum = 0.0;
        for (var i = 0; i < entries.Count; i++)
        {
            if (i > 0 && entries[i].Stage != entries[i - 1].Stage)
            {
                window.Clear();
                sum = 0;
            }

            window.Enqueue(entries[i].Loss);
            sum += entries[i].Loss;
            if (window.Count > reach)
                sum -= window.Dequeue();
            means[i] = sum / window.Count;
        }

        return means;
    }

    private static double NiceCeiling(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(1e-6, value))));
        return NiceFactors.Select(factor => factor * power).First(limit => limit >= value);
    }
}
