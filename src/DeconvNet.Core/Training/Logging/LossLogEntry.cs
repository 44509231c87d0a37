using System.Globalization;

namespace DeconvNet.Training.Logging;

/// <summary>A row of the loss log.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Iteration">Steps done in the stage, from 1.</param>
/// <param name="Loss">Mean cross-entropy per valid pixel, in nats.</param>
/// <param name="PixelAccuracy">Share of valid pixels that were right, 0 … 1.</param>
/// <param name="LearningRate">Rate of the step.</param>
/// <param name="ImagesPerSecond">Crops a second.</param>
public readonly record struct LossLogEntry(string Stage, int Iteration, double Loss, double PixelAccuracy, double LearningRate, double ImagesPerSecond)
{
    /// <summary>Mean IoU of the validation after the step, 0 … 1; NaN where there was none.</summary>
    public double MeanIoU { get; init; } = double.NaN;

    /// <summary>The row as CSV.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Stage},{Iteration},{Loss:R},{PixelAccuracy:F5},{LearningRate:G6},{ImagesPerSecond:F2},{(double.IsNaN(MeanIoU) ? "" : MeanIoU.ToString("R", CultureInfo.InvariantCulture))}");

    internal static LossLogEntry? TryParse(string line)
    {
        var parts = line.Split(',');
        return parts.Length == 7
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var iteration)
            && double.TryParse(parts[2], CultureInfo.InvariantCulture, out var loss)
            && double.TryParse(parts[3], CultureInfo.InvariantCulture, out var accuracy)
            && double.TryParse(parts[4], CultureInfo.InvariantCulture, out var rate)
            && double.TryParse(parts[5], CultureInfo.InvariantCulture, out var speed)
            && Optional(parts[6]) is { } meanIoU
            ? new LossLogEntry(parts[0], iteration, loss, accuracy, rate, speed) { MeanIoU = meanIoU }
            : null;
    }

    private static double? Optional(string cell) =>
        cell.Length == 0 ? double.NaN : double.TryParse(cell, CultureInfo.InvariantCulture, out var value) ? value : null;
}
