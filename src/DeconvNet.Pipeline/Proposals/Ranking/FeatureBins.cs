namespace DeconvNet.Proposals.Ranking;

/// <summary>A feature of all rows in at most 64 bins of about equally many rows, in which trees look for the best split.</summary>
internal sealed class FeatureBins
{
    /// <summary>Max bins.</summary>
    public const int Max = 64;

    public FeatureBins(float[] values)
    {
        var sorted = (float[])values.Clone();
        Array.Sort(sorted);
        Edges = [.. Enumerable.Range(1, Max - 1).Select(i => sorted[(int)((long)i * (sorted.Length - 1) / Max)]).Distinct()];
        Bins = new byte[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // The first edge that the value does not exceed, as a tree compares.
            var at = Array.BinarySearch(Edges, values[i]);
            Bins[i] = (byte)(at >= 0 ? at : ~at);
        }
    }

    /// <summary>Bin b holds values above <c>Edges[b − 1]</c>, up to <c>Edges[b]</c>.</summary>
    public float[] Edges { get; }

    /// <summary>The bin of each row.</summary>
    public byte[] Bins { get; }
}
