namespace DeconvNet.Imaging.Masks;

/// <summary>
/// Follows the edges between pixels inside and outside of a mask, with the inside on the right hand. Where four pixels meet of which two inside touch at the corner only, the walk turns left, so
/// that pixels which touch belong together.
/// </summary>
internal static class OutlineTracing
{
    // East, south, west, north; a turn to the right adds one.
    private static readonly (int X, int Y)[] steps = [(1, 0), (0, 1), (-1, 0), (0, -1)];

    public static IReadOnlyList<MaskOutline> Trace(BinaryMask mask, double tolerance)
    {
        if (mask.Area == 0)
            return [];

        var regions = new ConnectedRegions([.. mask.Pixels.ToArray().Select(inside => inside ? (byte)1 : (byte)0)], mask.Width);
        var outlines = new List<MaskOutline>();
        for (var r = 0; r < regions.Count; r++)
            outlines.Add(Outline(regions[r], mask.Width, mask.Height, tolerance));
        return outlines;
    }

    private static MaskOutline Outline(ReadOnlySpan<int> region, int width, int height, double tolerance)
    {
        var inside = new bool[width * height];
        foreach (var pixel in region)
            inside[pixel] = true;

        // The edges that leave each corner of the grid, a bit for each direction.
        var across = width + 1;
        var edges = new byte[across * (height + 1)];
        foreach (var pixel in region)
        {
            var (x, y) = (pixel % width, pixel / width);
            var corner = (y * across) + x;
            if (y == 0 || !inside[pixel - width])
                edges[corner] |= 1 << 0;
            if (x == width - 1 || !inside[pixel + 1])
                edges[corner + 1] |= 1 << 1;
            if (y == height - 1 || !inside[pixel + width])
                edges[corner + across + 1] |= 1 << 2;
            if (x == 0 || !inside[pixel - 1])
                edges[corner + across] |= 1 << 3;
        }

        IReadOnlyList<GridPoint>? outer = null;
        var holes = new List<IReadOnlyList<GridPoint>>();
        for (var corner = 0; corner < edges.Length; corner++)
        {
            while (edges[corner] != 0)
            {
                var ring = Ring(edges, corner, across);
                var simplified = OutlineSimplification.Simplify(ring, tolerance);
                if (MaskOutline.SignedArea(ring) > 0)
                    outer = simplified;
                else
                    holes.Add(simplified);
            }
        }

        return new MaskOutline(outer!, holes);
    }

    /// <summary>Walks one ring and takes its edges away; only corners at which the walk turns are kept.</summary>
    private static List<GridPoint> Ring(byte[] edges, int start, int across)
    {
        var ring = new List<GridPoint>();
        var first = int.TrailingZeroCount(edges[start]);
        var (corner, direction, previous) = (start, first, -1);
        do
        {
            if (direction != previous)
                ring.Add(new GridPoint(corner % across, corner / across));
            if (previous >= 0)
                edges[corner] &= (byte)~(1 << direction);
            corner += steps[direction].X + (steps[direction].Y * across);
            previous = direction;
            direction = Next(edges[corner], direction);
        }
        while (corner != start || direction != first);

        edges[start] &= (byte)~(1 << first);
        if (previous == first)
            ring.RemoveAt(0);
        return ring;
    }

    private static int Next(byte leaving, int direction)
    {
        foreach (var turn in (ReadOnlySpan<int>)[3, 0, 1])
        {
            if ((leaving & (1 << ((direction + turn) % 4))) != 0)
                return (direction + turn) % 4;
        }

        throw new InvalidOperationException("An outline ends.");
    }
}
