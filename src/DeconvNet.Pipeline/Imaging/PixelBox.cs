namespace DeconvNet.Imaging;

/// <summary>
/// A rectangle of pixels, half-open: columns <c>X0 … X1 − 1</c>, rows <c>Y0 … Y1 − 1</c>, counted from 0.
/// It may lie partly or entirely outside an image.
/// </summary>
/// <param name="X0">First column.</param>
/// <param name="Y0">First row.</param>
/// <param name="X1">Column after the last one.</param>
/// <param name="Y1">Row after the last one.</param>
public readonly record struct PixelBox(int X0, int Y0, int X1, int Y1)
{
    /// <summary>Width in pixels; 0 for an empty box.</summary>
    public int Width => Math.Max(0, X1 - X0);

    /// <summary>Height in pixels; 0 for an empty box.</summary>
    public int Height => Math.Max(0, Y1 - Y0);

    /// <summary>Number of pixels.</summary>
    public long Area => (long)Width * Height;

    /// <summary>Whether the box has no pixels.</summary>
    public bool IsEmpty => X1 <= X0 || Y1 <= Y0;

    /// <summary>The intersection with <paramref name="other"/>, possibly empty.</summary>
    public PixelBox Intersect(PixelBox other) => new(
        Math.Max(X0, other.X0), Math.Max(Y0, other.Y0), Math.Min(X1, other.X1), Math.Min(Y1, other.Y1));

    /// <summary>Intersection over union with <paramref name="other"/>, 0 … 1; 0 if both are empty.</summary>
    public double IoU(PixelBox other)
    {
        var shared = Intersect(other).Area;
        var union = Area + other.Area - shared;
        return union == 0 ? 0 : (double)shared / union;
    }

    /// <summary>
    /// The square with the same center whose side is <paramref name="contextFactor"/> times the longer side, rounded,
    /// at least 1 pixel (the paper enlarges proposals by 1.2 to include local context).
    /// It may extend beyond the image.
    /// </summary>
    public PixelBox ToSquare(double contextFactor)
    {
        var side = Math.Max(1, (int)Math.Round(contextFactor * Math.Max(Width, Height), MidpointRounding.AwayFromZero));
        var x = (int)Math.Floor((X0 + (double)X1 - side) / 2);
        var y = (int)Math.Floor((Y0 + (double)Y1 - side) / 2);
        return new PixelBox(x, y, x + side, y + side);
    }

    /// <summary>"[0, 500) × [0, 375)": columns, then rows.</summary>
    public override string ToString() => FormattableString.Invariant($"[{X0}, {X1}) × [{Y0}, {Y1})");

    /// <summary>Bounding box of pixels given by their indices in a row-major map; empty if there are none.</summary>
    internal static PixelBox Around(ReadOnlySpan<int> pixels, int width)
    {
        if (pixels.IsEmpty)
            return default;
        var (x0, y0, x1, y1) = (int.MaxValue, int.MaxValue, 0, 0);
        foreach (var pixel in pixels)
        {
            var (y, x) = Math.DivRem(pixel, width);
            (x0, y0, x1, y1) = (Math.Min(x0, x), Math.Min(y0, y), Math.Max(x1, x + 1), Math.Max(y1, y + 1));
        }

        return new PixelBox(x0, y0, x1, y1);
    }

    /// <summary>The box scaled to a different image size, with sides of at least 1 pixel.</summary>
    internal PixelBox Scale(ImageSize from, ImageSize to)
    {
        if (from == to)
            return this;

        var (x0, y0) = (Along(X0, from.Width, to.Width), Along(Y0, from.Height, to.Height));
        return new PixelBox(x0, y0, Math.Max(x0 + 1, Along(X1, from.Width, to.Width)), Math.Max(y0 + 1, Along(Y1, from.Height, to.Height)));

        static int Along(int place, int small, int large) => (int)Math.Round((double)place * large / small);
    }
}
