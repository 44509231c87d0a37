using DeconvNet.Imaging;

namespace DeconvNet.Datasets.Coco;

/// <summary>The pixels of an object, column by column as COCO counts them, with COCO's rules for outlines and run lengths.</summary>
internal sealed class ColumnMask(ImageSize size)
{
    /// <summary>An outline is walked in steps of a fifth of a pixel.</summary>
    private const int Scale = 5;

    private const double MaxCoordinate = 1e5;

    private readonly bool[] pixels = new bool[size.Width * size.Height];

    public bool this[int x, int y] => pixels[(x * size.Height) + y];

    /// <summary>Adds the inside of a closed polygon.</summary>
    /// <param name="points">x and y of the corners, in pixels.</param>
    /// <exception cref="FormatException">There are fewer than three corners, or a coordinate is out of range.</exception>
    public void AddPolygon(ReadOnlySpan<double> points)
    {
        if (points.Length < 6 || points.Length % 2 != 0)
            throw new FormatException($"a polygon has {points.Length} numbers; expected x and y of at least three corners");
        foreach (var coordinate in points)
        {
            if (!(Math.Abs(coordinate) <= MaxCoordinate))
                throw new FormatException($"a polygon has the coordinate {coordinate}; expected pixels");
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

    /// <summary>Adds run lengths: background first, then in turn.</summary>
    /// <exception cref="FormatException">A run is negative, or they are not as many pixels as the image.</exception>
    public void AddRuns(IEnumerable<long> runs)
    {
        var (at, inside) = (0L, false);
        foreach (var run in runs)
        {
            if (run < 0 || at + run > pixels.Length)
                throw new FormatException($"a run of {run} pixels after {at} does not fit the {pixels.Length} of the image");
            if (inside)
                pixels.AsSpan((int)at, (int)run).Fill(true);
            (at, inside) = (at + run, !inside);
        }

        if (at != pixels.Length)
            throw new FormatException($"the runs are {at} pixels; the image has {pixels.Length}");
    }

    /// <summary>The run lengths of COCO's compressed text: five bits a letter, and from the fourth on the difference to the run before the last.</summary>
    /// <exception cref="FormatException">A letter is none of the code, or the text ends within a number.</exception>
    public static List<long> Decompress(string text)
    {
        var runs = new List<long>();
        for (var i = 0; i < text.Length;)
        {
            long value = 0;
            for (var shift = 0; ; shift += 5)
            {
                var code = i < text.Length ? text[i++] - '0' : -1;
                if (code is < 0 or > 63 || shift > 55)
                    throw new FormatException($"the compressed counts are damaged at letter {i}");
                value |= (long)(code & 31) << shift;
                if ((code & 32) != 0)
                    continue;
                if ((code & 16) != 0)
                    value |= -1L << (shift + 5);
                break;
            }

            runs.Add(runs.Count > 2 ? value + runs[^2] : value);
        }

        return runs;
    }

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
