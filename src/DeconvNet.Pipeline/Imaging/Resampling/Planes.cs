namespace DeconvNet.Imaging.Resampling;

/// <summary>A rectangle of pixels inside a plane.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">First row.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
internal readonly record struct PlaneWindow(int X, int Y, int Width, int Height)
{
    public int Area => Width * Height;

    public bool IsInside(int width, int height) =>
        X >= 0 && Y >= 0 && Width >= 0 && Height >= 0 && X + (long)Width <= width && Y + (long)Height <= height;
}

/// <summary>Where the pixels of planes are.</summary>
/// <param name="Row">Distance between neighboring rows.</param>
/// <param name="Plane">Distance between planes.</param>
internal readonly record struct PlaneSteps(int Row, int Plane)
{
    /// <summary>Number of values from the first to the last pixel of a window in all planes.</summary>
    public long Length(int planes, PlaneWindow window) =>
        window.Area == 0 ? 0 : ((planes - 1L) * Plane) + ((window.Height - 1L) * Row) + window.Width;
}

/// <summary>
/// Resizes float planes bilinearly by the rule of MATLAB's <c>imresize(…, 'bilinear')</c>, with which the authors resize scores back to the
/// size of a proposal: pixel centers at half integers, reflected border, and, if antialiased, a wider kernel for shrinking.
/// Thread-safe.
/// </summary>
internal static class Planes
{
    /// <summary>Resizes whole planes.</summary>
    /// <param name="src">Source planes <c>[C, sh, sw]</c>.</param>
    /// <param name="channels">Number of planes C, at least 1.</param>
    /// <param name="sh">Source height in pixels, at least 1.</param>
    /// <param name="sw">Source width in pixels, at least 1.</param>
    /// <param name="dst">Receives the planes <c>[C, dh, dw]</c>.</param>
    /// <param name="dh">New height in pixels, at least 1.</param>
    /// <param name="dw">New width in pixels, at least 1.</param>
    /// <param name="antialias">Whether to antialias when shrinking.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is below 1.</exception>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void ResizeBilinear(
        ReadOnlySpan<float> src, int channels, int sh, int sw, Span<float> dst, int dh, int dw, bool antialias)
        => ResizeBilinear(src, channels, sh, sw, dst, dh, dw, new PlaneWindow(0, 0, dw, dh), antialias);

    /// <summary>Resizes planes and computes only a window of the result: <paramref name="dst"/> receives <c>[C, window.Height, window.Width]</c>.</summary>
    /// <inheritdoc cref="ResizeBilinear(ReadOnlySpan{float}, int, int, int, Span{float}, int, int, bool)"/>
    public static void ResizeBilinear(
        ReadOnlySpan<float> src, int channels, int sh, int sw, Span<float> dst, int dh, int dw, PlaneWindow window, bool antialias)
    {
        RequireSizes(channels, sh, sw, dh, dw);
        RequireLength(src.Length, channels, sh, sw, nameof(src));
        RequireLength(dst.Length, channels, window.Height, window.Width, nameof(dst));
        if (!window.IsInside(dw, dh))
            throw new ArgumentException($"{window} is not inside {dw}×{dh}.", nameof(window));

        var resampling = new PlaneResampling(sh, sw, dh, dw, antialias);
        for (var c = 0; c < channels; c++)
            resampling.Run(new BorderedPlane(src.Slice(c * sh * sw, sh * sw), sw, new PlaneWindow(0, 0, sw, sh), 0, sw), dst.Slice(c * window.Area, window.Area), window);
    }

    /// <summary>Resizes planes <c>[C, sh, sw]</c> of which only a window is given; outside the window, each plane is constant.</summary>
    /// <param name="src">The window's pixels, which may be part of larger planes; its first value is the corner of the window in the first plane.</param>
    /// <param name="steps">Where the other pixels are.</param>
    /// <param name="window">Position of the window in the source.</param>
    /// <param name="border">The value outside the window, one per plane.</param>
    /// <param name="sh">Height of the whole source in pixels, at least 1.</param>
    /// <param name="sw">Width of the whole source in pixels, at least 1.</param>
    /// <param name="dst">Receives the planes <c>[C, dh, dw]</c>.</param>
    /// <param name="dh">New height in pixels, at least 1.</param>
    /// <param name="dw">New width in pixels, at least 1.</param>
    /// <param name="antialias">Whether to antialias when shrinking.</param>
    public static void ResizeBordered(
        ReadOnlySpan<float> src, PlaneSteps steps, PlaneWindow window, ReadOnlySpan<float> border, int sh, int sw, Span<float> dst, int dh, int dw, bool antialias)
    {
        RequireSizes(border.Length, sh, sw, dh, dw);
        if (src.Length < steps.Length(border.Length, window))
            throw new ArgumentException($"{src.Length} values do not hold {window} of {border.Length} planes with {steps}.", nameof(src));
        RequireLength(dst.Length, border.Length, dh, dw, nameof(dst));
        if (!window.IsInside(sw, sh))
            throw new ArgumentException($"{window} is not inside {sw}×{sh}.", nameof(window));

        var resampling = new PlaneResampling(sh, sw, dh, dw, antialias);
        for (var c = 0; c < border.Length; c++)
            resampling.Run(new BorderedPlane(window.Area == 0 ? [] : src[(c * steps.Plane)..], steps.Row, window, border[c], sw), dst.Slice(c * dh * dw, dh * dw), new PlaneWindow(0, 0, dw, dh));
    }

    private static void RequireSizes(int channels, int sh, int sw, int dh, int dw)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sh, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sw, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dh, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dw, 1);
    }

    private static void RequireLength(int length, int channels, int height, int width, string name)
    {
        if (length != (Int128)channels * height * width)
            throw new ArgumentException($"{length} values are not [{channels}, {height}, {width}].", name);
    }
}
