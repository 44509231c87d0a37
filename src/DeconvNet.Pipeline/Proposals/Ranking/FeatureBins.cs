namespace DeconvNet.Proposals.Ranking;

/// <summary>One feature of all rows, quantized into at most 64 bins of about equal size, among which trees search for the best split.</summary>
internal sealed class FeatureBins
{
    /// <summary>Maximum number of bins.</summary>
    public const int Max = 64;

    public FeatureBins(float[] values)
    {
        var sorted = (float[])values.Clone();
        Array.Sort(sorted);
        Edges = [.. Enumerable.Range(1, Max - 1).Select(i => sorted[(int)((long)i * (sorted.Length - 1) / Max)]).Distinct()];
        Bins = new byte[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // The first edge that the value does not exceed, consistent with the comparison in trees.
            var at = Array.BinarySearch(Edges, values[i]);
            Bins[i] = (byte)(at >= 0 ? at : ~at);
        }
    }

    /// <summary>Bin b holds values above <c>Edges[b − 1]</c>, up to <c>Edges[b]</c>.</summary>
    public float[] Edges { get; }

    /// <summary>The bin of each row.</summary>
    public byte[] Bins { get; }
}
