using System.Numerics;
using System.Runtime.Intrinsics;
using DeconvNet.Imaging;
using DeconvNet.Proposals.Search;

namespace DeconvNet.Proposals.Ranking;

/// <summary>
/// The features of a candidate box, all from integral images: position and shape, edges in and around it, color contrast with its
/// surroundings, how it cuts through regions of similar color, and a coarse map of the edges inside.
/// </summary>
internal sealed class BoxFeatures(PixelBox image, EdgeSums edges, ScoreTables scores, ColorTables tables)
{
    // Index of the first feature of each kind.
    private const int StrengthAt = 16;
    private const int EdgesAt = 22;
    private const int ColorsAt = 36;
    private const int PictureAt = 52;
    private const int Grid = 6;
    private const int CoarseGrid = 3;

    /// <summary>Number of features per box.</summary>
    public const int Count = PictureAt + (Grid * Grid) + (2 * CoarseGrid * CoarseGrid);

    private readonly int squareUnit = ColorSums.SquareUnit(image);
    private readonly CellSums colors = tables.Colors;
    private readonly SegmentSums fine = tables.Fine;
    private readonly SegmentSums coarse = tables.Coarse;

    /// <summary>Computes the features of a box.</summary>
    public void Measure(Window window, float score, int rank, float bestScore, Span<float> features)
    {
        var (x0, y0) = (window.X, window.Y);
        var (x1, y1) = (Math.Min(image.Width, x0 + window.Width + 1), Math.Min(image.Height, y0 + window.Height + 1));
        Place(x0, y0, x1, y1, features);
        Strength(window, score, rank, bestScore, features[StrengthAt..]);
        Edges(x0, y0, x1, y1, features[EdgesAt..]);
        Colors(Cells(x0, y0, x1, y1), features[ColorsAt..]);
        Picture(x0, y0, x1, y1, features[PictureAt..]);
    }

    private void Place(int x0, int y0, int x1, int y1, Span<float> f)
    {
        float imageWidth = image.Width, imageHeight = image.Height;
        float width = x1 - x0, height = y1 - y0;
        f[0] = MathF.Log2(width * height);
        f[1] = width * height / (imageWidth * imageHeight);
        f[2] = MathF.Log2(width / height);
        f[3] = width / imageWidth;
        f[4] = height / imageHeight;
        f[5] = (x0 + x1) / (2 * imageWidth);
        f[6] = (y0 + y1) / (2 * imageHeight);
        f[7] = MathF.Abs(f[5] - 0.5f);
        f[8] = x0 / imageWidth;
        f[9] = y0 / imageHeight;
        f[10] = 1 - (x1 / imageWidth);
        f[11] = 1 - (y1 / imageHeight);
        const float near = 0.015f;
        f[12] = (f[8] < near ? 1 : 0) + (f[10] < near ? 1 : 0);
        f[13] = (f[9] < near ? 1 : 0) + (f[11] < near ? 1 : 0);
        f[14] = f[12] + f[13];
        f[15] = imageWidth / imageHeight;
    }

    private void Strength(Window window, float score, int rank, float bestScore, Span<float> f)
    {
        var (bound, norm) = scores.Bound(window);
        f[0] = score;
        f[1] = MathF.Log2(MathF.Max(score, 1e-6f) / MathF.Max(norm, 1e-9f));
        f[2] = score / MathF.Max(bound * norm, 1e-6f);
        f[3] = MathF.Log2(1 + rank);
        f[4] = score / MathF.Max(bestScore, 1e-6f);
        f[5] = bound * norm;
    }

    private void Edges(int x0, int y0, int x1, int y1, Span<float> f)
    {
        int width = x1 - x0, height = y1 - y0;
        var inside = edges.Sum(x0, y0, x1, y1);
        var total = (float)Vector128.Sum(inside);
        float area = width * height;
        f[0] = total / area;
        f[1] = total / (width + height);
        var (insetX, insetY) = (width / 4, height / 4);
        var inner = (float)Vector128.Sum(edges.Sum(x0 + insetX, y0 + insetY, x1 - insetX, y1 - insetY));
        f[2] = inner / MathF.Max(total, 1);
        var (rimX, rimY) = (Math.Max(1, width / 10), Math.Max(1, height / 10));
        f[3] = (total - Vector128.Sum(edges.Sum(x0 + rimX, y0 + rimY, x1 - rimX, y1 - rimY))) / MathF.Max(total, 1);
        var (marginX, marginY) = (Math.Max(2, width / 5), Math.Max(2, height / 5));
        var around = Vector128.Sum(edges.Sum(x0 - marginX, y0 - marginY, x1 + marginX, y1 + marginY));
        f[4] = (around - total) / MathF.Max(around, 1);
        var (nearX, nearY) = (Math.Max(2, width / 12), Math.Max(2, height / 12));

        // Vertical edges along the left and right sides, horizontal ones along the others: a tight box has them just inside.
        f[5] = Vector128.GetElement(edges.Sum(x0, y0, x0 + nearX, y1), 0) / (float)height;
        f[6] = Vector128.GetElement(edges.Sum(x1 - nearX, y0, x1, y1), 0) / (float)height;
        f[7] = Vector128.GetElement(edges.Sum(x0, y0, x1, y0 + nearY), 2) / (float)width;
        f[8] = Vector128.GetElement(edges.Sum(x0, y1 - nearY, x1, y1), 2) / (float)width;
        f[9] = Vector128.Sum(edges.Sum(x0 - nearX, y0, x0, y1)) / (float)height;
        f[10] = Vector128.Sum(edges.Sum(x1, y0, x1 + nearX, y1)) / (float)height;
        f[11] = Vector128.Sum(edges.Sum(x0, y0 - nearY, x1, y0)) / (float)width;
        f[12] = Vector128.Sum(edges.Sum(x0, y1, x1, y1 + nearY)) / (float)width;
        f[13] = inside.GetElement(0) / MathF.Max(inside.GetElement(0) + inside.GetElement(2), 1);
    }

    private void Colors(CellBox box, Span<float> f)
    {
        Span<int> inside = stackalloc int[ColorSums.Channels];
        Span<int> other = stackalloc int[ColorSums.Channels];
        colors.Sum(box, inside);
        int marginX = Math.Max(1, (box.X1 - box.X0) / 4), marginY = Math.Max(1, (box.Y1 - box.Y0) / 4);
        colors.Sum(Clip(box.X0 - marginX, box.Y0 - marginY, box.X1 + marginX, box.Y1 + marginY), other);
        Subtract(other, inside);
        f[0] = ChiSquare(inside, other);
        f[1] = MeanDistance(inside, other);
        f[2] = Spread(inside);
        f[3] = Spread(other);

        int insetX = (box.X1 - box.X0) / 4, insetY = (box.Y1 - box.Y0) / 4;
        colors.Sum(new CellBox(box.X0 + insetX, box.Y0 + insetY, box.X1 - insetX, box.Y1 - insetY), other);
        Span<int> rim = stackalloc int[ColorSums.Channels];
        inside.CopyTo(rim);
        Subtract(rim, other);
        f[4] = ChiSquare(rim, other);

        colors.Sum(Clip(box.X0 - marginX, box.Y0, box.X0, box.Y1), other);
        f[5] = ChiSquare(inside, other);
        colors.Sum(Clip(box.X1, box.Y0, box.X1 + marginX, box.Y1), other);
        f[6] = ChiSquare(inside, other);
        colors.Sum(Clip(box.X0, box.Y0 - marginY, box.X1, box.Y0), other);
        f[7] = ChiSquare(inside, other);
        colors.Sum(Clip(box.X0, box.Y1, box.X1, box.Y1 + marginY), other);
        f[8] = ChiSquare(inside, other);

        // The box against the whole image: rare colors stand out.
        colors.Sum(new CellBox(0, 0, colors.Columns, colors.Rows), other);
        Subtract(other, inside);
        f[9] = ChiSquare(inside, other);
        f[10] = MeanDistance(inside, other);
        f[11] = fine.Straddling(box);
        f[12] = coarse.Straddling(box);
        f[13] = fine.Straddling(Clip(box.X0 - 1, box.Y0 - 1, box.X1 + 1, box.Y1 + 1)) - f[11];
        f[14] = coarse.Straddling(Clip(box.X0 - 1, box.Y0 - 1, box.X1 + 1, box.Y1 + 1)) - f[12];
        f[15] = inside[0] / (255f * Math.Max(1, inside[6]));
    }

    /// <summary>Edge density in cells of the box, relative to the whole box, and the fractions of vertical and horizontal edges on a coarser grid.</summary>
    private void Picture(int x0, int y0, int x1, int y1, Span<float> f)
    {
        int width = x1 - x0, height = y1 - y0;
        Span<Vector128<int>> corners = stackalloc Vector128<int>[(Grid + 1) * (Grid + 1)];
        for (var row = 0; row <= Grid; row++)
        {
            for (var column = 0; column <= Grid; column++)
                corners[(row * (Grid + 1)) + column] = edges.At(x0 + (width * column / Grid), y0 + (height * row / Grid));
        }

        var total = Corner(corners, 0, 0, Grid);
        var whole = MathF.Max(1, Vector128.Sum(total));
        for (var row = 0; row < Grid; row++)
        {
            for (var column = 0; column < Grid; column++)
                f[(row * Grid) + column] = Vector128.Sum(Corner(corners, row, column, 1)) * (Grid * Grid) / whole;
        }

        for (var row = 0; row < CoarseGrid; row++)
        {
            for (var column = 0; column < CoarseGrid; column++)
            {
                var part = Corner(corners, 2 * row, 2 * column, 2);
                var sum = MathF.Max(1, Vector128.Sum(part));
                f[(Grid * Grid) + (row * CoarseGrid) + column] = part.GetElement(0) / sum;
                f[(Grid * Grid) + (CoarseGrid * CoarseGrid) + (row * CoarseGrid) + column] = part.GetElement(2) / sum;
            }
        }
    }

    private static Vector128<int> Corner(ReadOnlySpan<Vector128<int>> corners, int row, int column, int side)
    {
        var upper = (row * (Grid + 1)) + column;
        var lower = upper + (side * (Grid + 1));
        return corners[lower + side] - corners[lower] - corners[upper + side] + corners[upper];
    }

    private CellBox Cells(int x0, int y0, int x1, int y1)
    {
        var (left, top) = (Near(x0, colors.Columns - 1), Near(y0, colors.Rows - 1));
        return new CellBox(left, top, Math.Max(left + 1, Near(x1, colors.Columns)), Math.Max(top + 1, Near(y1, colors.Rows)));

        static int Near(int place, int max) => Math.Min(max, (place + (CellSums.Side / 2)) / CellSums.Side);
    }

    private CellBox Clip(int x0, int y0, int x1, int y1) => new(
        Math.Clamp(x0, 0, colors.Columns), Math.Clamp(y0, 0, colors.Rows), Math.Clamp(x1, 0, colors.Columns), Math.Clamp(y1, 0, colors.Rows));

    private static void Subtract(Span<int> from, ReadOnlySpan<int> what)
    {
        for (var i = 0; i < from.Length; i += Vector<int>.Count)
            (new Vector<int>(from[i..]) - new Vector<int>(what[i..])).CopyTo(from[i..]);
    }

    /// <summary>Half the χ² distance of two histograms of any size, 0 … 1; 0 if either is empty.</summary>
    private static float ChiSquare(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        if (a[6] == 0 || b[6] == 0)
            return 0;

        var (scaleA, scaleB) = (1f / a[6], 1f / b[6]);
        var sum = Vector<float>.Zero;
        for (var i = ColorSums.Histogram; i < ColorSums.Channels; i += Vector<float>.Count)
        {
            var left = Vector.ConvertToSingle(new Vector<int>(a[i..])) * scaleA;
            var right = Vector.ConvertToSingle(new Vector<int>(b[i..])) * scaleB;
            var difference = left - right;
            sum += difference * difference / (left + right + new Vector<float>(1e-12f));
        }

        return Vector.Sum(sum) / 2;
    }

    private static float MeanDistance(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        if (a[6] == 0 || b[6] == 0)
            return 0;

        var sum = 0f;
        for (var i = 0; i < 3; i++)
        {
            var difference = ((float)a[i] / a[6]) - ((float)b[i] / b[6]);
            sum += difference * difference;
        }

        return MathF.Sqrt(sum);
    }

    private float Spread(ReadOnlySpan<int> color)
    {
        if (color[6] == 0)
            return 0;

        var variance = 0f;
        for (var i = 0; i < 3; i++)
        {
            var mean = (float)color[i] / color[6];
            variance += ((float)color[i + 3] * squareUnit / color[6]) - (mean * mean);
        }

        return MathF.Sqrt(MathF.Max(0, variance));
    }
}
