using DeconvNet.Imaging;

namespace DeconvNet.Proposals.Files;

/// <summary>
/// An image with the black border that the authors' MATLAB code adds, and the coordinates of their boxes in it:
/// 1-based, inclusive, with <c>Height</c> columns left of the image and <c>Width</c> rows above it.
/// </summary>
internal readonly record struct BlackBorder
{
    // Three times this still fits in an int.
    private const int MaxSide = 500_000_000;

    public BlackBorder(ImageSize image, string name)
    {
        if (!IsSide(image.Width) || !IsSide(image.Height))
            throw new ArgumentOutOfRangeException(name, image, $"Expected a width and a height of 1 … {MaxSide} pixels.");
        (Width, Height) = image;
    }

    public int Width { get; }

    public int Height { get; }

    private int PaddedWidth => Width + (2 * Height);

    private int PaddedHeight => Height + (2 * Width);

    public static bool IsSide(double value) => value is >= 1 and <= MaxSide && Math.Floor(value) == value;

    public bool Holds(PixelBox box) => box.X0 >= -Height && box.X1 <= Width + Height && box.Y0 >= -Width && box.Y1 <= Height + Width;

    public (int X1, int Y1, int X2, int Y2) ToMatlab(PixelBox box) => (box.X0 + Height + 1, box.Y0 + Width + 1, box.X1 + Height, box.Y1 + Width);

    public bool TryToPixels(double x1, double y1, double x2, double y2, out PixelBox box)
    {
        var sound = AreOrdered(x1, x2, PaddedWidth) && AreOrdered(y1, y2, PaddedHeight);
        box = sound ? new PixelBox((int)x1 - Height - 1, (int)y1 - Width - 1, (int)x2 - Height, (int)y2 - Width) : default;
        return sound;
    }

    public override string ToString() => $"1 … {PaddedWidth} × 1 … {PaddedHeight} as MATLAB counts";

    private static bool AreOrdered(double first, double last, int length) =>
        first >= 1 && first <= last && last <= length && Math.Floor(first) == first && Math.Floor(last) == last;
}
