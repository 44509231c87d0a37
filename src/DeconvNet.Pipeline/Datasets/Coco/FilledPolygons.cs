using DeconvNet.Imaging;
using DeconvNet.Imaging.Masks;

namespace DeconvNet.Datasets.Coco;

/// <summary>The inside of polygons by the rule of COCO's own tools, which go column by column.</summary>
internal sealed class FilledPolygons(ImageSize size)
{
    /// <summary>An outline is walked in steps of a fifth of a pixel.</summary>
    private const int Scale = 5;

    private const double MaxCoordinate = 1e5;
    private const int MaxLengthPerPixel = 10;
    private const int FreePixels = 100_000;

    private readonly bool[] pixels = new bool[size.Width * size.Height];
    private readonly bool[] changes = new bool[(size.Width * size.Height) + 1];

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

        RequireLength(points);

        // Where the outline crosses the middle of a column, everything below changes sides.
        var (previousX, previousY, isFirst) = (0, 0, true);
        for (var i = 0; i < points.Length; i += 2)
        {
            var next = (i + 2) % points.Length;
            foreach (var (x, y) in Edge(Fine(points[i]), Fine(points[i + 1]), Fine(points[next]), Fine(points[next + 1])))
            {
                if (!isFirst && x != previousX)
                    Cross(x, y, previousX, previousY);
                (previousX, previousY, isFirst) = (x, y, false);
            }
        }

        Fill(points);
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

    /// <summary>No outline of an object is so long; one that crosses the image to and fro would take minutes.</summary>
    private void RequireLength(ReadOnlySpan<double> points)
    {
        var (length, longest) = (0.0, MaxLengthPerPixel * (FreePixels + (double)pixels.Length));
        for (var i = 0; i < points.Length; i += 2)
        {
            var next = (i + 2) % points.Length;
            length += Math.Max(Math.Abs(points[next] - points[i]), Math.Abs(points[next + 1] - points[i + 1]));
        }

        if (length > longest)
            throw new FormatException(FormattableString.Invariant($"a polygon is {length:0} pixels long; expected at most {longest:0} in an image of {size.Width}×{size.Height}"));
    }

    /// <summary>Fills the columns of the outline; what it changed is as before afterward.</summary>
    private void Fill(ReadOnlySpan<double> points)
    {
        var (left, right) = (double.MaxValue, double.MinValue);
        for (var i = 0; i < points.Length; i += 2)
            (left, right) = (Math.Min(left, points[i]), Math.Max(right, points[i]));
        var first = (int)Math.Clamp(left - 1, 0, size.Width) * size.Height;
        var end = (int)Math.Clamp(right + 2, 0, size.Width) * size.Height;
        var inside = false;
        for (var i = first; i < end; i++)
        {
            inside ^= changes[i];
            pixels[i] |= inside;
        }

        // A crossing below the last row stands at the start of the next column.
        changes.AsSpan(first, end - first + 1).Clear();
    }

    private void Cross(int x, int y, int previousX, int previousY)
    {
        var column = (((x < previousX ? x : x - 1) + 0.5) / Scale) - 0.5;
        if (Math.Floor(column) != column || column < 0 || column > size.Width - 1)
            return;
        var row = Math.Ceiling(Math.Clamp(((Math.Min(y, previousY) + 0.5) / Scale) - 0.5, 0, size.Height));
        changes[((int)column * size.Height) + (int)row] ^= true;
    }
}
