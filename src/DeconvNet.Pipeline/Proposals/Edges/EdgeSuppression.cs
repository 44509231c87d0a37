namespace DeconvNet.Proposals.Edges;

/// <summary>Non-maximum suppression across the edge, which thins edges to lines. Thread-safe.</summary>
internal static class EdgeSuppression
{
    // Sample positions stay this far inside the upper end, as in OpenCV, so that the second neighbor exists.
    private const float Inside = 1.001f;

    /// <summary>Sets every pixel to 0 that is weaker than the edge map at some distance up to <paramref name="radius"/> across the edge.</summary>
    /// <param name="edges">Edge strengths, all finite.</param>
    /// <param name="orientation">Directions across the edges in radians, from <see cref="EdgeOrientation"/>; of the size of <paramref name="edges"/>.</param>
    /// <param name="radius">Distance in pixels, 1 … 100; Edge Boxes uses 2.</param>
    /// <param name="border">Width in pixels of the border that fades to 0, 0 or more; 0 leaves the border alone.</param>
    /// <param name="multiplier">Factor that favors the pixel over its rivals, above 0; 1 for Edge Boxes, 1.01 is usual for drawing.</param>
    /// <param name="ignored">Edges up to this strength become 0; their orientation is not read.</param>
    /// <param name="threads">Maximum number of threads; −1 means one per processor.</param>
    /// <returns>The surviving strengths, unchanged except at the border, and 0 elsewhere. Plateaus survive.</returns>
    /// <exception cref="ArgumentException">The sizes differ, or a value is NaN or infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static EdgeMap Suppress(
        EdgeMap edges, EdgeMap orientation, int radius = 2, int border = 0, float multiplier = 1, float ignored = 0, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(edges);
        ArgumentNullException.ThrowIfNull(orientation);
        ArgumentOutOfRangeException.ThrowIfLessThan(radius, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(radius, 100);
        ArgumentOutOfRangeException.ThrowIfNegative(border);
        if (!(multiplier > 0 && float.IsFinite(multiplier)))
            throw new ArgumentOutOfRangeException(nameof(multiplier), multiplier, "Expected a finite number above 0.");
        edges.RequireFinite(nameof(edges));
        orientation.RequireFinite(nameof(orientation));
        orientation.RequireSizeOf(edges, nameof(orientation));

        var scratch = ScratchArray<float>.Zeros(edges.Values.Length);
        var thin = scratch.Array;
        RowBands.For(edges.Height, threads, (from, to) =>
        {
            for (var i = from * edges.Width; i < to * edges.Width; i++)
            {
                var strength = edges.Values[i];
                if (MathF.Abs(strength) > ignored && Survives(edges, i % edges.Width, i / edges.Width, strength * multiplier, orientation.Values[i], radius))
                    thin[i] = strength;
            }
        });

        Fade(thin, edges.Width, edges.Height, border);
        return new EdgeMap(scratch, edges.Width, edges.Height);
    }

    private static bool Survives(EdgeMap edges, int x, int y, float strength, float angle, int radius)
    {
        var (sin, cos) = MathF.SinCos(angle);
        for (var distance = -radius; distance <= radius; distance++)
        {
            if (distance != 0 && strength < Sample(edges, x + (distance * cos), y + (distance * sin)))
                return false;
        }

        return true;
    }

    private static float Sample(EdgeMap edges, float x, float y)
    {
        var (width, height) = (edges.Width, edges.Height);
        x = MathF.Max(0, MathF.Min(x, width - Inside));
        y = MathF.Max(0, MathF.Min(y, height - Inside));
        var (x0, y0) = ((int)x, (int)y);
        var x1 = Math.Min(x0 + 1, width - 1);
        var row0 = y0 * width;
        var row1 = Math.Min(y0 + 1, height - 1) * width;
        var (right, below) = (x - x0, y - y0);
        var (left, above) = (1 - right, 1 - below);
        var values = edges.Values;
        return (values[row0 + x0] * left * above) + (values[row0 + x1] * right * above)
            + (values[row1 + x0] * left * below) + (values[row1 + x1] * right * below);
    }

    private static void Fade(float[] map, int width, int height, int border)
    {
        var columns = Math.Min(border, width / 2);
        for (var i = 0; i < columns; i++)
        {
            for (var y = 0; y < height; y++)
            {
                map[(y * width) + i] *= i / (float)columns;
                map[(y * width) + width - 1 - i] *= i / (float)columns;
            }
        }

        var rows = Math.Min(border, height / 2);
        for (var i = 0; i < rows; i++)
        {
            for (var x = 0; x < width; x++)
            {
                map[(i * width) + x] *= i / (float)rows;
                map[((height - 1 - i) * width) + x] *= i / (float)rows;
            }
        }
    }
}
