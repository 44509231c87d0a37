namespace DeconvNet.Proposals.Edges;

/// <summary>Shares the rows of an image among threads, a band at a time.</summary>
internal static class RowBands
{
    private const int Height = 32;

    /// <summary>Calls <paramref name="work"/> with the first row and the one behind the last of each band; several at a time where more than one thread is allowed.</summary>
    public static void For(int rows, int threads, Action<int, int> work)
    {
        if (threads == 1)
            work(0, rows);
        else
            Parallel.For(0, (rows + Height - 1) / Height, new ParallelOptions { MaxDegreeOfParallelism = threads }, band => work(band * Height, Math.Min(rows, (band + 1) * Height)));
    }
}
