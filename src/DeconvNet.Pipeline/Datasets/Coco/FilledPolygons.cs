using DeconvNet.Imaging;
using DeconvNet.Imaging.Masks;

namespace DeconvNet.Datasets.Coco;

/// <summary>The inside of polygons by the rule of COCO's own tools, which go column by column.</summary>
internal sealed class FilledPolygons(ImageSize size)
{
    /// <summary>An outline is walked in steps of a fifth of a pixel.</summary>
    private const int Scale = 5;

    private const double MaxCoordinate = 1e5;

    private readonly bool[] pixels = new bool[size.Width * size.Height];

    /// <summary>Adds the inside of a closed polygon.</summary>
    /// <param name="points">x and y of the corners, in pixels.</param>
    /// <exception cref="FormatException">There are fewer than three corners, or a coordinate is out of range.</exception>
    public void Add(ReadOnlySpan<double> points)
    {
        if (points.Length < 6 || points.Length % 2 != 0)
            throw new FormatException($"a polygon has {points.Length} numbers; expected x and y of at least three corners");
        foreach (var coordinate in points)
        {
            if (!(Math.Abs(coordinate) <= MaxCoordinate))
                throw new FormatException(FormattableString.Invariant($"a polygon has the coordinate {coordinate}; expected pixels"));
        }

        // Where the outline crosses the middle of a column, everything below changes sides.
        var changes = new bool[pixels.Length + 1];
        var (previousX, previousY, isFirst) = (0, 0, true);
        for (var i = 0; i < points.Length; i += 2)
        {
            var next = (i + 2) % points.Length;
            foreach (var (x, y) in Edge(Fine(points[i]), Fine(points[i + 1]), Fine(points[next]), Fine(points[next + 1])))
            {
                if (!isFirst && x != previousX)
                    Cross(changes, x, y, previousX, previousY);
                (previousX, previousY, isFirst) = (x, y, false);
            }
        }

        var inside = false;
        for (var i = 0; i < pixels.Length; i++)
        {
            inside ^= changes[i];
            pixels[i] |= inside;
        }
    }

    /// <summary>The pixels row by row.</summary>
    public BinaryMask ToMask() =>
        new(size.Width, size.Height, [.. from y in Enumerable.Range(0, size.Height) from x in Enumerable.Range(0, size.Width) select pixels[(x * size.Height) + y]]);

    private static int Fine(double coordinate) => (int)((coordinate * Scale) + 0.5);

    /// <summary>The fine points of an edge, one for each step along its longer side, in its direction. Rounding is that of the edge walked upward, whichever way it runs.</summary>
    private static IEnumerable<(int X, int Y)> Edge(int x0, int y0, int x1, int y1)
    {
        var (width, height) = (Math.Abs(x1 - x0), Math.Abs(y1 - y0));
        var isFlat = width >= height;
        var isTurned = isFlat ? x0 > x1 : y0 > y1;
        var (startX, startY, endX, endY) = isTurned ? (x1, y1, x0, y0) : (x0, y0, x1, y1);
        var length = Math.Max(width, height);
        var slope = length == 0 ? 0 : (isFlat ? endY - startY : endX - startX) / (double)length;
        for (var i = 0; i <= length; i++)
        {
            var step = isTurned ? length - i : i;
            yield return isFlat
                ? (startX + step, (int)(startY + (slope * step) + 0.5))
                : ((int)(startX + (slope * step) + 0.5), startY + step);
        }
    }

    private void Cross(bool[] changes, int x, int y, int previousX, int previousY)
    {
        var column = (((x < previousX ? x : x - 1) + 0.5) / Scale) - 0.5;
        if (Math.Floor(column) != column || column < 0 || column > size.Width - 1)
            return;
        var row = Math.Ceiling(Math.Clamp(((Math.Min(y, previousY) + 0.5) / Scale) - 0.5, 0, size.Height));
        changes[((int)column * size.Height) + (int)row] ^= true;
    }
}
