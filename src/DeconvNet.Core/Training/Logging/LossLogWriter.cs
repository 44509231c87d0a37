namespace DeconvNet.Training.Logging;

/// <summary>Adds rows to a <see cref="LossLog"/>; each is in the file before the next step begins.</summary>
internal sealed class LossLogWriter : IDisposable
{
    private readonly StreamWriter writer;

    /// <param name="path">The file; made if missing.</param>
    /// <param name="keep">Tells the rows that stay from those after the place from which training goes on.</param>
    public LossLogWriter(string path, Func<LossLogEntry, bool> keep)
    {
        Kept = File.Exists(path) ? [.. LossLog.Read(path).Where(keep)] : [];
        AtomicFile.Write(path, stream =>
        {
            using var rows = new StreamWriter(stream, leaveOpen: true);
            rows.WriteLine(LossLog.Header);
            foreach (var entry in Kept)
                rows.WriteLine(entry.ToString());
        });
        writer = new StreamWriter(path, append: true) { AutoFlush = true };
    }

    /// <summary>The rows that were there before.</summary>
    public IReadOnlyList<LossLogEntry> Kept { get; }

    public void Add(LossLogEntry entry) => writer.WriteLine(entry.ToString());

    public void Dispose() => writer.Dispose();
}
