namespace DeconvNet.OnnxRuntime.Calibration;

/// <summary>How far the bytes of a layer's output reach.</summary>
internal static class HistogramRange
{
    private const int Levels = byte.MaxValue + 1;

    // Steps of smaller ranges, times those of kernels, are no normal numbers any more.
    private const float Smallest = 1e-15f;

    /// <summary>The value that becomes the largest byte; 1 for a layer that puts out nothing but zeros, or what is next to nothing.</summary>
    public static float Of(Histogram histogram, Int8Options options) => histogram.Largest < Smallest ? 1 : options.Range switch
    {
        RangeRule.Percentile => Percentile(histogram, options.Percentile),
        RangeRule.Entropy => Entropy(histogram),
        _ => histogram.Largest,
    };

    private static float Percentile(Histogram histogram, double percentile)
    {
        var bins = histogram.Bins;
        var total = 0L;
        foreach (var count in bins)
            total += count;
        var above = total * (1 - (percentile / 100));
        var last = bins.Length - 1;
        for (double cut = bins[last]; cut <= above && last > 0; cut += bins[last])
            last--;
        return Math.Min(histogram.Largest, (last + 1) * histogram.Width);
    }

    private static float Entropy(Histogram histogram)
    {
        var bins = histogram.Bins;
        var (best, least) = (bins.Length, double.PositiveInfinity);
        for (var kept = Math.Min(Levels, bins.Length); kept <= bins.Length; kept++)
        {
            var divergence = Divergence(bins, kept);
            if (divergence < least)
                (best, least) = (kept, divergence);
        }

        return Math.Min(histogram.Largest, best * histogram.Width);
    }

    /// <summary>How much is lost, in nats, if values beyond the first bins count as the last of these, and the bins are merged to as many levels as a byte has.</summary>
    private static double Divergence(ReadOnlySpan<long> bins, int kept)
    {
        var beyond = 0L;
        foreach (var count in bins[kept..])
            beyond += count;
        var total = (double)beyond;
        foreach (var count in bins[..kept])
            total += count;

        // The rounded form knows nothing of what lies beyond: it has less mass, and its last level is too light.
        var held = total - beyond;
        if (held == 0)
            return double.PositiveInfinity;
        var sum = 0.0;
        for (var level = 0; level < Levels; level++)
        {
            var (start, end) = ((int)((long)level * kept / Levels), (int)((long)(level + 1) * kept / Levels));
            var (mass, filled) = (0L, 0);
            for (var i = start; i < end; i++)
            {
                mass += bins[i];
                filled += Reference(bins, i) > 0 ? 1 : 0;
            }

            // A level that nothing fell into counts as if one value had.
            var rounded = Math.Max(mass, 1) / held / Math.Max(filled, 1);
            for (var i = start; i < end; i++)
            {
                var reference = Reference(bins, i) / total;
                if (reference > 0)
                    sum += reference * Math.Log(reference / rounded);
            }
        }

        return sum;

        long Reference(ReadOnlySpan<long> bins, int i) => bins[i] + (i == kept - 1 ? beyond : 0);
    }
}
