using DeconvNet.Imaging;

namespace DeconvNet.Training.Examples;

/// <summary>Turns a photo and its labels alike.</summary>
internal static class Turning
{
    public static (RgbImage Image, LabelMap Labels) UpsideDown(RgbImage image, LabelMap labels)
    {
        var (pixels, ids) = (new byte[image.Pixels.Length], new byte[labels.Pixels.Length]);
        for (int y = 0, last = image.Height - 1; y <= last; y++)
        {
            image.Pixels.Slice(3 * y * image.Width, 3 * image.Width).CopyTo(pixels.AsSpan(3 * (last - y) * image.Width));
            labels.Pixels.Slice(y * image.Width, image.Width).CopyTo(ids.AsSpan((last - y) * image.Width));
        }

        return (new RgbImage(image.Width, image.Height, pixels), new LabelMap(image.Width, image.Height, ids));
    }

    /// <summary>Clockwise around the center; colors are interpolated, labels taken from the nearest pixel. What is rotated in from outside is black and void.</summary>
    public static (RgbImage Image, LabelMap Labels) Around(RgbImage image, LabelMap labels, double radians)
    {
        var (width, height) = (image.Width, image.Height);
        var (pixels, ids) = (new byte[image.Pixels.Length], new byte[labels.Pixels.Length]);
        var (sin, cos) = Math.SinCos(radians);
        var (centerX, centerY) = ((width - 1) / 2.0, (height - 1) / 2.0);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = (y * width) + x;
                var fromX = centerX + (cos * (x - centerX)) + (sin * (y - centerY));
                var fromY = centerY - (sin * (x - centerX)) + (cos * (y - centerY));
                var (nearX, nearY) = ((int)Math.Floor(fromX + 0.5), (int)Math.Floor(fromY + 0.5));
                if (nearX < 0 || nearY < 0 || nearX >= width || nearY >= height)
                {
                    ids[at] = LabelMap.Void;
                    continue;
                }

                ids[at] = labels[nearX, nearY];
                Interpolate(image, fromX, fromY, pixels.AsSpan(3 * at, 3));
            }
        }

        return (new RgbImage(width, height, pixels), new LabelMap(width, height, ids));
    }

    private static void Interpolate(RgbImage image, double x, double y, Span<byte> color)
    {
        var (x0, y0) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (shareX, shareY) = (x - x0, y - y0);
        var (left, right) = (Math.Clamp(x0, 0, image.Width - 1), Math.Clamp(x0 + 1, 0, image.Width - 1));
        var (top, bottom) = (Math.Clamp(y0, 0, image.Height - 1) * image.Width, Math.Clamp(y0 + 1, 0, image.Height - 1) * image.Width);
        for (var c = 0; c < 3; c++)
        {
            var upper = ((1 - shareX) * image.Pixels[(3 * (top + left)) + c]) + (shareX * image.Pixels[(3 * (top + right)) + c]);
            var lower = ((1 - shareX) * image.Pixels[(3 * (bottom + left)) + c]) + (shareX * image.Pixels[(3 * (bottom + right)) + c]);
            color[c] = (byte)Math.Round(((1 - shareY) * upper) + (shareY * lower));
        }
    }
}
