namespace DeconvNet.Imaging.Masks;

/// <summary>
/// Traces the edges between the inside and outside of a mask, with the inside on the right. Where two pixels inside touch only at a corner, the trace turns left, so
/// that they belong to one region (8-connectivity).
/// </summary>
internal static class OutlineTracing
{
    // East, south, west, north; a right turn adds one.
    private static readonly (int X, int Y)[] steps = [(1, 0), (0, 1), (-1, 0), (0, -1)];

    public static IReadOnlyList<MaskOutline> Trace(BinaryMask mask, double tolerance)
    {
        using var regions = new ConnectedRegions([.. mask.Pixels.ToArray().Select(inside => inside ? (byte)1 : (byte)0)], mask.Width);
        var regionOf = new int[mask.Pixels.Length];
        for (var r = 0; r < regions.Count; r++)
        {
            foreach (var pixel in regions[r])
                regionOf[pixel] = r;
        }

        // Regions do not touch, not even at corners, so one pass over the grid finds the rings of all of them.
        var (edges, across) = (Edges(mask), mask.Width + 1);
        var outer = new IReadOnlyList<GridPoint>[regions.Count];
        List<IReadOnlyList<GridPoint>>[] holes = [.. Enumerable.Range(0, regions.Count).Select(_ => new List<IReadOnlyList<GridPoint>>())];
        for (var corner = 0; corner < edges.Length; corner++)
        {
            while (edges[corner] != 0)
            {
                var region = regionOf[PixelOnTheRight(corner, int.TrailingZeroCount(edges[corner]), mask.Width)];
                var ring = Ring(edges, corner, across);
                var simplified = OutlineSimplification.Simplify(ring, tolerance);
                if (MaskOutline.SignedArea(ring) > 0)
                    outer[region] = simplified;
                else
                    holes[region].Add(simplified);
            }
        }

        return [.. outer.Zip(holes, (ring, missing) => new MaskOutline(ring, missing))];
    }

    /// <summary>The edges that leave each corner of the grid, one bit per direction.</summary>
    private static byte[] Edges(BinaryMask mask)
    {
        var (width, height, across) = (mask.Width, mask.Height, mask.Width + 1);
        var edges = new byte[across * (height + 1)];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                if (!mask[x, y])
                    continue;
                var corner = (y * across) + x;
                if (y == 0 || !mask[x, y - 1])
                    edges[corner] |= 1 << 0;
                if (x == width - 1 || !mask[x + 1, y])
                    edges[corner + 1] |= 1 << 1;
                if (y == height - 1 || !mask[x, y + 1])
                    edges[corner + across + 1] |= 1 << 2;
                if (x == 0 || !mask[x - 1, y])
                    edges[corner + across] |= 1 << 3;
            }
        }

        return edges;
    }

    private static int PixelOnTheRight(int corner, int direction, int width)
    {
        var (y, x) = Math.DivRem(corner, width + 1);
        return ((y - (direction is 2 or 3 ? 1 : 0)) * width) + x - (direction is 1 or 2 ? 1 : 0);
    }

    /// <summary>Traces one ring and removes its edges; only corners where the direction changes are kept.</summary>
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
