namespace DeconvNet.Imaging.Masks;

/// <summary>A corner of the grid of pixels: (0, 0) is the upper left corner of the first pixel, (1, 1) its lower right one.</summary>
/// <param name="X">Column, counted from 0 at the left edge of the image.</param>
/// <param name="Y">Row, counted from 0 at the upper edge of the image.</param>
public readonly record struct GridPoint(int X, int Y);

/// <summary>The outline of connected pixels along the edges between pixels: a closed polygon and the holes in it.</summary>
/// <param name="Outer">The corners in order, clockwise on the screen; the last is joined to the first. It may touch itself where pixels touch at a corner.</param>
/// <param name="Holes">The outlines of what is missing inside, each counterclockwise.</param>
public sealed record MaskOutline(IReadOnlyList<GridPoint> Outer, IReadOnlyList<IReadOnlyList<GridPoint>> Holes)
{
    /// <summary>The area inside in pixels, holes left out.</summary>
    public double Area => SignedArea(Outer) + Holes.Sum(SignedArea);

    /// <summary>Positive where the points run clockwise on the screen, whose y points down.</summary>
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
