namespace DeconvNet.Imaging;

/// <summary>Width and height of an image.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
public readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>The longest side in pixels.</summary>
    public int LongestSide => Math.Max(Width, Height);

    /// <summary>The same shape with the longest side at <paramref name="side"/>, each side at least 1 pixel.</summary>
    internal ImageSize ScaleTo(int side)
    {
        var longest = LongestSide;
        return new ImageSize(Scaled(Width), Scaled(Height));

        int Scaled(int length) => Math.Max(1, (int)Math.Round((double)length * side / longest));
    }

    /// <summary>The same shape with the longest side at most <paramref name="maxSide"/>.</summary>
    internal ImageSize ShrinkTo(int maxSide) => LongestSide <= maxSide ? this : ScaleTo(maxSide);

    /// <summary>"500×375".</summary>
    public override string ToString() => FormattableString.Invariant($"{Width}×{Height}");
}
