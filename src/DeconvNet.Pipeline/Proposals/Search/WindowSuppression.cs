namespace DeconvNet.Proposals.Search;

/// <summary>Non-maximum suppression: keeps the best of overlapping windows. The threshold may decrease as windows are kept (eta).</summary>
internal static class WindowSuppression
{
    // As in the published code: above the first, nothing is suppressed; below the second, an adaptive threshold decreases no further.
    private const float KeepAll = 0.99f;
    private const float MinAdaptive = 0.5f;
    private const int BucketsPerOctave = 4;

    /// <summary>Returns at most <paramref name="maxCount"/> windows, best first; ties in the given order.</summary>
    public static List<ScoredWindow> Keep(ScoredWindow[] windows, float beta, float eta, int maxCount, CancellationToken cancellationToken)
    {
        var order = Order(windows);
        var kept = new List<ScoredWindow>();
        var threshold = beta;
        var buckets = new KeptWindows?[BucketsPerOctave * 64];
        foreach (var index in order)
        {
            if (kept.Count == maxCount)
                break;
            if ((index & 0xff) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            if (beta <= KeepAll && Overlaps(windows[index].Window, buckets, threshold))
                continue;

            kept.Add(windows[index]);
            (buckets[Bucket(windows[index].Window.Area)] ??= new KeptWindows()).Add(windows[index].Window);
            if (eta < 1 && threshold > MinAdaptive)
                threshold *= eta;
        }

        return kept;
    }

    /// <summary>Best first, in a stable order, so that results do not depend on the sort algorithm.</summary>
    private static int[] Order(ScoredWindow[] windows)
    {
        var keys = new ulong[windows.Length];
        var order = new int[windows.Length];
        for (var i = 0; i < windows.Length; i++)
        {
            keys[i] = ((ulong)~BitConverter.SingleToUInt32Bits(windows[i].Score) << 32) | (uint)i;
            order[i] = i;
        }

        Array.Sort(keys, order);
        return order;
    }

    /// <summary>Whether a kept window of similar area overlaps; windows whose areas differ by more than the threshold cannot.</summary>
    private static bool Overlaps(Window window, KeptWindows?[] buckets, float threshold)
    {
        var last = Math.Min(Bucket(window.Area / threshold) + 1, buckets.Length - 1);
        for (var bucket = Math.Max(0, Bucket(window.Area * threshold) - 1); bucket <= last; bucket++)
        {
            if (buckets[bucket]?.Overlap(window, threshold) == true)
                return true;
        }

        return false;
    }

    private static int Bucket(float area) => area > 1 ? (int)(BucketsPerOctave * MathF.Log2(area)) : 0;
}
