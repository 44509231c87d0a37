namespace DeconvNet.Imaging.Masks;

/// <summary>Simplifies a closed polygon with the Ramer-Douglas-Peucker algorithm.</summary>
internal static class OutlineSimplification
{
    /// <summary>The simplified polygon, from which no removed corner is farther than the tolerance; unchanged if fewer than three corners would remain.</summary>
    public static IReadOnlyList<GridPoint> Simplify(List<GridPoint> ring, double tolerance)
    {
        if (tolerance == 0 || ring.Count <= 4)
            return ring;

        // Two corners that always stay: an arbitrary one, and the one farthest from it.
        var far = Enumerable.Range(1, ring.Count - 1).MaxBy(i => Square(ring[i].X - ring[0].X) + Square(ring[i].Y - ring[0].Y));
        var kept = new bool[ring.Count + 1];
        (kept[0], kept[far], kept[ring.Count]) = (true, true, true);
        var open = new Stack<(int From, int To)>([(0, far), (far, ring.Count)]);
        while (open.TryPop(out var part))
        {
            var (farthest, distance) = (-1, tolerance * tolerance);
            for (var i = part.From + 1; i < part.To; i++)
            {
                var squared = SquaredDistance(ring[i], ring[part.From], ring[part.To % ring.Count]);
                if (squared > distance)
                    (farthest, distance) = (i, squared);
            }

            if (farthest < 0)
                continue;
            kept[farthest] = true;
            open.Push((part.From, farthest));
            open.Push((farthest, part.To));
        }

        GridPoint[] simplified = [.. ring.Where((_, i) => kept[i])];
        return simplified.Length < 3 ? ring : simplified;
    }

    private static double SquaredDistance(GridPoint point, GridPoint from, GridPoint to)
    {
        var (dx, dy) = ((double)to.X - from.X, (double)to.Y - from.Y);
        var length = (dx * dx) + (dy * dy);
        var along = length == 0 ? 0 : Math.Clamp((((point.X - from.X) * dx) + ((point.Y - from.Y) * dy)) / length, 0, 1);
        return Square(point.X - from.X - (along * dx)) + Square(point.Y - from.Y - (along * dy));
    }

    private static double Square(double value) => value * value;
}
