namespace DeconvNet.Imaging.Masks;

/// <summary>A corner of the pixel grid: (0, 0) is the upper left corner of the first pixel, (1, 1) its lower right corner.</summary>
/// <param name="X">Column, counted from 0 at the left edge of the image.</param>
/// <param name="Y">Row, counted from 0 at the upper edge of the image.</param>
public readonly record struct GridPoint(int X, int Y);

/// <summary>The outline of connected pixels, along pixel edges: a closed polygon with holes.</summary>
/// <param name="Outer">The corners in order, clockwise on the screen; the last is joined to the first. The polygon may touch itself where pixels touch at a corner.</param>
/// <param name="Holes">The outlines of the holes, each counterclockwise.</param>
public sealed record MaskOutline(IReadOnlyList<GridPoint> Outer, IReadOnlyList<IReadOnlyList<GridPoint>> Holes)
{
    /// <summary>The area in pixels, without the holes.</summary>
    public double Area => SignedArea(Outer) + Holes.Sum(SignedArea);

    /// <summary>Positive if the points run clockwise on the screen, where y points down.</summary>
    internal static double SignedArea(IReadOnlyList<GridPoint> ring)
    {
        var twice = 0L;
        for (var i = 0; i < ring.Count; i++)
        {
            var (here, next) = (ring[i], ring[(i + 1) % ring.Count]);
            twice += ((long)here.X * next.Y) - ((long)next.X * here.Y);
        }

        return twice / 2.0;
    }
}
