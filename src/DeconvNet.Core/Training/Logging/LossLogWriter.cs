namespace DeconvNet.Training.Logging;

/// <summary>Appends rows to a <see cref="LossLog"/>; each is flushed before the next step starts.</summary>
internal sealed class LossLogWriter : IDisposable
{
    private readonly StreamWriter writer;

    /// <param name="path">The file, created if missing.</param>
    /// <param name="keep">Returns whether to keep a row, since rows after the resumed position are dropped.</param>
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

    /// <summary>The rows kept from before.</summary>
    public IReadOnlyList<LossLogEntry> Kept { get; }

    public void Add(LossLogEntry entry) => writer.WriteLine(entry.ToString());

    public void Dispose() => writer.Dispose();
}
