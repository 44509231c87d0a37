using DeconvNet.Imaging.Resampling;

namespace DeconvNet.Proposals.Edges;

/// <summary>
/// Edge orientation, as the direction across each edge, from the second derivatives of the smoothed edge map
/// (Dollár and Zitnick, PAMI 2015; computed like OpenCV's <c>computeOrientation</c>). Thread-safe.
/// </summary>
/// <remarks>
/// As published, the tangent of the result is the square of that of the true direction: exact at multiples of 45°, up to 12° off in between.
/// A perfectly horizontal edge, whose mixed derivative is exactly 0, gives 0.
/// </remarks>
internal static class EdgeOrientation
{
    /// <summary>Computes the direction across the edge at every pixel.</summary>
    /// <param name="edges">Edge strengths before non-maximum suppression; all finite.</param>
    /// <param name="smoothingRadius">Radius of the triangle filter in pixels, 2 … 100.</param>
    /// <param name="ignored">Edges up to this strength get direction 0, which is never read.</param>
    /// <param name="threads">Maximum number of threads; −1 means one per processor.</param>
    /// <returns>Radians in [0, π]; the vector is (cos, sin) in (x, y), so 0 is a vertical and π/2 a horizontal edge. Flat areas and the outermost pixels are 0.</returns>
    /// <exception cref="ArgumentException">A value is NaN or infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The radius is out of range.</exception>
    public static EdgeMap Compute(EdgeMap edges, int smoothingRadius = 4, float ignored = float.NegativeInfinity, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(edges);
        ArgumentOutOfRangeException.ThrowIfLessThan(smoothingRadius, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(smoothingRadius, 100);
        edges.RequireFinite(nameof(edges));

        var (width, height) = (edges.Width, edges.Height);
        var half = SymmetricFilter.Triangle(smoothingRadius, 1f);
        foreach (ref var weight in half.AsSpan())
            weight /= (smoothingRadius + 1) * (smoothingRadius + 1);

        using var scratch = new ScratchArray<float>(edges.Values.Length);
        SymmetricFilter.Apply(edges.Values, width, height, half, Border.Reflect101, scratch.Span);
        var smooth = scratch.Array;

        var orientations = ScratchArray<float>.Zeros(edges.Values.Length);
        var orientation = orientations.Array;
        RowBands.For(height, threads, (from, to) =>
        {
            for (var y = from; y < to; y++)
                ComputeRow(edges, smooth, y, ignored, orientation);
        });
        return new EdgeMap(orientations, width, height);
    }

    private static void ComputeRow(EdgeMap edges, float[] smooth, int y, float ignored, float[] orientation)
    {
        var (width, height) = (edges.Width, edges.Height);
        var above = smooth.AsSpan(Border.Reflect101(y - 1, height) * width, width);
        var row = smooth.AsSpan(y * width, width);
        var below = smooth.AsSpan(Border.Reflect101(y + 1, height) * width, width);
        for (var x = 0; x < width; x++)
        {
            if (edges.Values[(y * width) + x] <= ignored)
                continue;

            var left = x > 0 ? x - 1 : Border.Reflect101(-1, width);
            var right = x < width - 1 ? x + 1 : Border.Reflect101(width, width);
            var alongX = SecondDifference(above[left], above[x], above[right])
                + (2 * SecondDifference(row[left], row[x], row[right]))
                + SecondDifference(below[left], below[x], below[right]);
            var alongY = Smoothed(above[left], above[x], above[right])
                - (2 * Smoothed(row[left], row[x], row[right]))
                + Smoothed(below[left], below[x], below[right]);
            var mixed = below[right] - below[left] - (above[right] - above[left]);
            orientation[(y * width) + x] = Direction(alongX, alongY, mixed);
        }
    }

    private static float SecondDifference(float before, float here, float after) => before - (2 * here) + after;

    private static float Smoothed(float before, float here, float after) => before + (2 * here) + after;

    private static float Direction(float alongX, float alongY, float mixed)
    {
        var sign = mixed > 0 ? -1f : mixed < 0 ? 1f : 0f;
        var angle = Math.Atan((double)(alongY * sign) / (alongX + 1e-5));
        return (float)(angle > 0 ? angle : (angle + Math.PI) % Math.PI);
    }
}
