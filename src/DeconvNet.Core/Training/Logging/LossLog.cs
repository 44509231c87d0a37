using System.Globalization;

namespace DeconvNet.Training.Logging;

/// <summary>The loss of every step as CSV: <c>stage,iteration,loss,pixel_accuracy,learning_rate,images_per_second,mean_iou</c>; the last column is empty except after a validation.</summary>
public static class LossLog
{
    /// <summary>File name in a training folder.</summary>
    public const string FileName = "log.csv";

    internal const string Header = "stage,iteration,loss,pixel_accuracy,learning_rate,images_per_second,mean_iou";

    /// <summary>Reads a log. An incomplete last line, which is being written or was cut off when the process died, is ignored.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">A line is not a valid row; the message names it.</exception>
    public static IReadOnlyList<LossLogEntry> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var entries = new List<LossLogEntry>();
        var lines = File.ReadAllText(path).Split('\n');
        for (var i = 0; i < lines.Length - 1; i++)
        {
            var line = lines[i].TrimEnd('\r');
            if (i == 0 && line == Header)
                continue;
            entries.Add(LossLogEntry.TryParse(line)
                ?? throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{path}: line {i + 1} is '{line}'; expected '{Header}'.")));
        }

        return entries;
    }
}
