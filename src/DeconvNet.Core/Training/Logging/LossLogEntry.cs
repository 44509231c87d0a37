using System.Globalization;

namespace DeconvNet.Training.Logging;

/// <summary>A row of the loss log.</summary>
public readonly record struct LossLogEntry
{
    /// <summary>Creates a row without a validation.</summary>
    public LossLogEntry()
    {
    }

    /// <summary>Name of the stage.</summary>
    public required string Stage { get; init; }

    /// <summary>Number of steps done in the stage, from 1.</summary>
    public required int Iteration { get; init; }

    /// <summary>Mean cross-entropy per valid pixel, in nats.</summary>
    public required double Loss { get; init; }

    /// <summary>Fraction of valid pixels classified correctly, 0 … 1.</summary>
    public double PixelAccuracy { get; init; }

    /// <summary>Learning rate of the step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Crops per second.</summary>
    public double ImagesPerSecond { get; init; }

    /// <summary>Mean IoU of the validation after the step, 0 … 1; NaN if there was none.</summary>
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
            ? new LossLogEntry
            {
                Stage = parts[0],
                Iteration = iteration,
                Loss = loss,
                PixelAccuracy = accuracy,
                LearningRate = rate,
                ImagesPerSecond = speed,
                MeanIoU = meanIoU,
            }
            : null;
    }

    private static double? Optional(string cell) =>
        cell.Length == 0 ? double.NaN : double.TryParse(cell, CultureInfo.InvariantCulture, out var value) ? value : null;
}
