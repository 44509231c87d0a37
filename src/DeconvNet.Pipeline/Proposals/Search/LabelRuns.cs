namespace DeconvNet.Proposals.Search;

/// <summary>
/// Runs of equal group labels along every line (row or column), so that the groups along the side of a window are found
/// without visiting its pixels.
/// </summary>
internal sealed class LabelRuns : IDisposable
{
    private readonly int length;
    private readonly ScratchArray<int> firsts;
    private readonly int[] first;

    /// <param name="labels">Label map; values up to 0 are not groups.</param>
    /// <param name="lines">Number of lines.</param>
    /// <param name="length">Pixels of a line.</param>
    /// <param name="lineStep">Distance between neighboring lines in <paramref name="labels"/>.</param>
    /// <param name="pixelStep">Distance between neighboring pixels of a line.</param>
    public LabelRuns(int[] labels, int lines, int length, int lineStep, int pixelStep)
    {
        this.length = length;
        firsts = new ScratchArray<int>(lines * length);
        first = firsts.Array;
        var runs = new List<Run>();
        for (var line = 0; line < lines; line++)
        {
            var previous = 0;
            for (var i = 0; i < length; i++)
            {
                var label = Math.Max(0, labels[(line * lineStep) + (i * pixelStep)]);
                if (label > 0 && label != previous)
                    runs.Add(new Run(i, label));
                first[(line * length) + i] = label > 0 ? runs.Count - 1 : runs.Count;
                previous = label;
            }

            runs.Add(new Run(int.MaxValue, 0));
        }

        Runs = [.. runs];
    }

    /// <summary>All runs, line by line; each line ends with a run that starts at <see cref="int.MaxValue"/>.</summary>
    public Run[] Runs { get; }

    /// <summary>Index of the first run of <paramref name="line"/> that contains or follows pixel <paramref name="from"/>.</summary>
    public int First(int line, int from) => first[(line * length) + from];

    public void Dispose() => firsts.Dispose();

    /// <summary>A run of pixels of one group.</summary>
    internal readonly record struct Run(int Start, int Label);
}
