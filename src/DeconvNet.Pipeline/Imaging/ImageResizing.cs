using DeconvNet.Imaging.Resampling;

namespace DeconvNet.Imaging;

/// <summary>Resizes photos and label maps. Thread-safe.</summary>
public static class ImageResizing
{
    /// <summary>
    /// Bilinear resizing without antialiasing, bit-identical to OpenCV's 8-bit fixed-point arithmetic, with which the published network was trained.
    /// </summary>
    /// <param name="image">The photo.</param>
    /// <param name="width">New width in pixels, at least 1.</param>
    /// <param name="height">New height in pixels, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is below 1, or the result is too large for an array.</exception>
    public static RgbImage ResizeBilinear(this RgbImage image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        RequireSize(width, height, bytesPerPixel: 3);
        var target = new byte[3 * width * height];
        if (image.Width == width && image.Height == height)
            image.Pixels.CopyTo(target);
        else if (image.Width == 2 * (long)width && image.Height == 2 * (long)height)
            FixedPointBilinear.Halve(image.Pixels, width, height, target);
        else
            FixedPointBilinear.Resize(image.Pixels, image.Width, image.Height, target, width, height);

        return new RgbImage(width, height, target);
    }

    /// <summary>
    /// Bilinear resizing with antialiasing when shrinking, like MATLAB's <c>imresize(…, 'bilinear')</c> in the authors' inference script;
    /// computed in float and rounded to 8 bits once at the end.
    /// </summary>
    /// <param name="image">The photo.</param>
    /// <param name="width">New width in pixels, at least 1.</param>
    /// <param name="height">New height in pixels, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is below 1, or the result is too large for an array.</exception>
    public static RgbImage ResizeAntialiased(this RgbImage image, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        RequireSize(width, height, bytesPerPixel: 3);
        var columns = ResampleTaps.Create(image.Width, width, antialias: true);
        var rows = ResampleTaps.Create(image.Height, height, antialias: true);
        var stride = 3 * image.Width;
        var target = new byte[3 * width * height];
        using var buffer = new ScratchArray<float>(stride);
        var row = buffer.Span;
        for (var y = 0; y < height; y++)
        {
            row.Clear();
            for (var tap = 0; tap < rows.Count; tap++)
                RowMath.MultiplyAdd(image.Pixels.Slice((rows.First[y] + tap) * stride, stride), rows.Weights[(y * rows.Count) + tap], row);

            for (var x = 0; x < width; x++)
            {
                float r = 0, g = 0, b = 0;
                for (int tap = 0, at = 3 * columns.First[x]; tap < columns.Count; tap++, at += 3)
                {
                    var weight = columns.Weights[(x * columns.Count) + tap];
                    r += weight * row[at];
                    g += weight * row[at + 1];
                    b += weight * row[at + 2];
                }

                var pixel = 3 * ((y * width) + x);
                target[pixel] = RowMath.ToByte(r);
                target[pixel + 1] = RowMath.ToByte(g);
                target[pixel + 2] = RowMath.ToByte(b);
            }
        }

        return new RgbImage(width, height, target);
    }

    /// <summary>
    /// Nearest-neighbor resizing by OpenCV's rule, which the authors' data layer uses for labels:
    /// index = min(⌊i · (1 / (new / old))⌋, old − 1), in double.
    /// </summary>
    /// <param name="map">The labels.</param>
    /// <param name="width">New width in pixels, at least 1.</param>
    /// <param name="height">New height in pixels, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is below 1, or the result is too large for an array.</exception>
    public static LabelMap ResizeNearest(this LabelMap map, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(map);
        RequireSize(width, height, bytesPerPixel: 1);
        var target = new byte[width * height];
        var columns = new int[width];
        for (var x = 0; x < width; x++)
            columns[x] = Nearest(x, map.Width, width);

        for (var y = 0; y < height; y++)
        {
            var source = map.Pixels.Slice(Nearest(y, map.Height, height) * map.Width, map.Width);
            var row = target.AsSpan(y * width, width);
            for (var x = 0; x < row.Length; x++)
                row[x] = source[columns[x]];
        }

        return new LabelMap(width, height, target);
    }

    /// <summary>The image shrunk to a longest side of <paramref name="maxSide"/>, antialiased; the image itself if it is not larger.</summary>
    internal static RgbImage ShrinkTo(this RgbImage image, int maxSide)
    {
        var size = image.Size.ShrinkTo(maxSide);
        return size == image.Size ? image : image.ResizeAntialiased(size.Width, size.Height);
    }

    private static void RequireSize(int width, int height, int bytesPerPixel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if ((long)width * height > Array.MaxLength / bytesPerPixel)
            throw new ArgumentOutOfRangeException(nameof(width), width, $"An image of {width}×{height} pixels is too large for an array.");
    }

    private static int Nearest(int index, int source, int target) =>
        Math.Min((int)Math.Floor(index * (1.0 / ((double)target / source))), source - 1);
}
