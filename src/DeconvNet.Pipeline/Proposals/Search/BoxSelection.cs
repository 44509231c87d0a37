using System.Numerics;

namespace DeconvNet.Proposals.Search;

/// <summary>
/// Soft-NMS (Bodla et al., ICCV 2017): repeatedly selects the best box and reduces the scores of the others by their overlap with it,
/// so that each of the first boxes covers something new.
/// </summary>
internal static class BoxSelection
{
    // Fraction of a score left under full suppression, so that suppressed boxes are still ordered by score.
    private const float Remainder = 0.01f;

    /// <summary>Returns the indices of boxes with their reduced scores, best first; ties in the given order.</summary>
    /// <param name="windows">The boxes.</param>
    /// <param name="scores">Their scores, above 0; overwritten.</param>
    /// <param name="free">Up to this overlap (IoU) a score is kept.</param>
    /// <param name="full">From this overlap on 1 % of it is left; in between it decreases linearly.</param>
    /// <param name="maxCount">Maximum number of boxes.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public static List<(int Index, float Score)> Take(
        ReadOnlySpan<Window> windows, Span<float> scores, float free, float full, int maxCount, CancellationToken cancellationToken)
    {
        var lanes = Vector<float>.Count;
        var padded = (windows.Length + lanes - 1) / lanes * lanes;
        var (x0, y0, x1, y1, left) = (new float[padded], new float[padded], new float[padded], new float[padded], new float[padded]);
        for (var i = 0; i < windows.Length; i++)
        {
            (x0[i], y0[i]) = (windows[i].X, windows[i].Y);
            (x1[i], y1[i]) = (windows[i].X + windows[i].Width + 1, windows[i].Y + windows[i].Height + 1);
            left[i] = scores[i];
        }

        var slope = 1 / (full - free);
        var taken = new List<(int, float)>(Math.Min(maxCount, windows.Length));
        while (taken.Count < windows.Length && taken.Count < maxCount)
        {
            if ((taken.Count & 0x3f) == 0)
                cancellationToken.ThrowIfCancellationRequested();

            var best = Max(left);
            taken.Add((best, left[best]));
            var area = new Vector<float>((x1[best] - x0[best]) * (y1[best] - y0[best]));
            for (var i = 0; i < padded; i += lanes)
            {
                var (a, b, c, d) = (new Vector<float>(x0, i), new Vector<float>(y0, i), new Vector<float>(x1, i), new Vector<float>(y1, i));
                var width = Vector.Max(Vector<float>.Zero, Vector.Min(c, new Vector<float>(x1[best])) - Vector.Max(a, new Vector<float>(x0[best])));
                var height = Vector.Max(Vector<float>.Zero, Vector.Min(d, new Vector<float>(y1[best])) - Vector.Max(b, new Vector<float>(y0[best])));
                var shared = width * height;
                var overlap = shared / (area + ((c - a) * (d - b)) - shared);
                var kept = Vector<float>.One - ((overlap - new Vector<float>(free)) * slope);
                (new Vector<float>(left, i) * Vector.Min(Vector<float>.One, Vector.Max(new Vector<float>(Remainder), kept))).CopyTo(left, i);
            }

            left[best] = -1;
        }

        return taken;
    }

    private static int Max(float[] values)
    {
        var max = new Vector<float>(values);
        for (var i = Vector<float>.Count; i < values.Length; i += Vector<float>.Count)
            max = Vector.Max(max, new Vector<float>(values, i));

        var value = max[0];
        for (var lane = 1; lane < Vector<float>.Count; lane++)
            value = MathF.Max(value, max[lane]);
        return values.AsSpan().IndexOf(value);
    }
}
