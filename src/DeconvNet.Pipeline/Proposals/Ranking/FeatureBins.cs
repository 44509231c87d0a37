namespace DeconvNet.Proposals.Ranking;

/// <summary>A feature of all rows in at most 64 bins of about equally many rows, in which trees look for the best split.</summary>
internal sealed class FeatureBins
{
    /// <summary>Most bins.</summary>
    public const int Most = 64;

    public FeatureBins(float[] values)
    {
        var sorted = (float[])values.Clone();
        Array.Sort(sorted);
        Limits = [.. Enumerable.Range(1, Most - 1).Select(i => sorted[(int)((long)i * (sorted.Length - 1) / Most)]).Distinct()];
        Bins = new byte[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // The first limit that the value does not exceed, as a tree asks.
            var at = Array.BinarySearch(Limits, values[i]);
            Bins[i] = (byte)(at >= 0 ? at : ~at);
        }
    }

    /// <summary>Bin b holds values above <c>Limits[b − 1]</c>, up to <c>Limits[b]</c>.</summary>
    public float[] Limits { get; }

    /// <summary>The bin of each row.</summary>
    public byte[] Bins { get; }
}
