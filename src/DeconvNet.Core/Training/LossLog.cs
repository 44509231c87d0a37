using System.Globalization;

namespace DeconvNet.Training;

/// <summary>The loss of every step as CSV: <c>stage,iteration,loss,pixel_accuracy,learning_rate,images_per_second</c>.</summary>
public sealed class LossLog : IDisposable
{
    /// <summary>Name of the file in a training folder.</summary>
    public const string FileName = "log.csv";

    private const string Header = "stage,iteration,loss,pixel_accuracy,learning_rate,images_per_second";

    private readonly StreamWriter writer;

    /// <summary>Opens the log; rows after the place from which training goes on are dropped.</summary>
    internal LossLog(string path, Func<LossLogEntry, bool> keep)
    {
        LossLogEntry[] kept = File.Exists(path) ? [.. Read(path).Where(keep)] : [];
        var temporary = path + ".tmp";
        File.WriteAllLines(temporary, kept.Select(entry => entry.ToString()).Prepend(Header));
        File.Move(temporary, path, overwrite: true);
        writer = new StreamWriter(path, append: true);
    }

    /// <summary>Reads a log.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is not a row of a log; names the line.</exception>
    public static IReadOnlyList<LossLogEntry> Read(string path)
    {
        var entries = new List<LossLogEntry>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (number == 1 && line == Header)
                continue;
            entries.Add(LossLogEntry.TryParse(line)
                ?? throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{path}: line {number} is '{line}'; expected '{Header}'.")));
        }

        return entries;
    }

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();

    internal void Add(LossLogEntry entry)
    {
        writer.WriteLine(entry.ToString());
        writer.Flush();
    }
}
