namespace DeconvNet.Imaging;

/// <summary>Width and height of an image.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
public readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>The longer side in pixels.</summary>
    public int LongestSide => Math.Max(Width, Height);

    /// <summary>The size scaled to a longest side of <paramref name="side"/>, with both sides at least 1 pixel.</summary>
    internal ImageSize ScaleTo(int side)
    {
        var longest = LongestSide;
        return new ImageSize(Scaled(Width), Scaled(Height));

        int Scaled(int length) => Math.Max(1, (int)Math.Round((double)length * side / longest));
    }

    /// <summary>The size shrunk to a longest side of at most <paramref name="maxSide"/>.</summary>
    internal ImageSize ShrinkTo(int maxSide) => LongestSide <= maxSide ? this : ScaleTo(maxSide);

    /// <summary>"500×375".</summary>
    public override string ToString() => FormattableString.Invariant($"{Width}×{Height}");
}
