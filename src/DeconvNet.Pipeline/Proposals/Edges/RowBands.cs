namespace DeconvNet.Proposals.Edges;

/// <summary>Splits the rows of an image into bands that are processed in parallel.</summary>
internal static class RowBands
{
    private const int Height = 32;

    /// <summary>Calls <paramref name="work"/> with the first row and the row after the last of each band, on up to <paramref name="threads"/> threads (−1 means one per processor).</summary>
    public static void For(int rows, int threads, Action<int, int> work)
    {
        if (threads == 1)
            work(0, rows);
        else
            Parallel.For(0, (rows + Height - 1) / Height, new ParallelOptions { MaxDegreeOfParallelism = threads }, band => work(band * Height, Math.Min(rows, (band + 1) * Height)));
    }
}
