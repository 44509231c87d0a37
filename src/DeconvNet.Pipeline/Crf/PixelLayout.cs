namespace DeconvNet.Crf;

/// <summary>The order in which pixels are processed, and the conversion between label planes and pixel rows.</summary>
internal sealed class PixelLayout(int width, int height, PixelOrder order)
{
    // A square of pixels with all its labels fits into the L1 cache.
    private const int Side = 16;

    public int Pixels => width * height;

    /// <summary>Number of parts for <see cref="ToRows"/> and <see cref="ToPlanes"/>.</summary>
    public int Parts => (height + Side - 1) / Side;

    public int this[int x, int y] => order == PixelOrder.RowMajor ? (y * width) + x : (x * height) + y;

    /// <summary>Writes features <c>[2, pixels]</c> or more: position divided by standard deviation, x first for row-major order, y first for column-major order.</summary>
    public void Place(float sigmaX, float sigmaY, Span<float> features)
    {
        var xs = features[(order == PixelOrder.RowMajor ? 0 : Pixels)..];
        var ys = features[(order == PixelOrder.RowMajor ? Pixels : 0)..];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var pixel = this[x, y];
                xs[pixel] = x / sigmaX;
                ys[pixel] = y / sigmaY;
            }
        }
    }

    /// <summary>Fills rows of slots <c>[pixels, stride]</c> with the negated planes <c>[labels, height, width]</c>; −∞ in slots without a label.</summary>
    public void ToRows(int part, float[] planes, int[] labelOfSlot, float[] rows, int stride)
    {
        for (var left = 0; left < width; left += Side)
        {
            for (var slot = 0; slot < stride; slot++)
            {
                var source = slot < labelOfSlot.Length ? planes.AsSpan(labelOfSlot[slot] * Pixels, Pixels) : [];
                for (var y = part * Side; y < Math.Min(height, (part + 1) * Side); y++)
                {
                    for (var x = left; x < Math.Min(width, left + Side); x++)
                        rows[(this[x, y] * stride) + slot] = source.IsEmpty ? float.NegativeInfinity : -source[(y * width) + x];
                }
            }
        }
    }

    /// <summary>Fills planes <c>[labels, height, width]</c> from rows <c>[pixels, stride]</c>.</summary>
    public void ToPlanes(int part, float[] rows, int stride, int[] labelOfSlot, float[] planes)
    {
        for (var left = 0; left < width; left += Side)
        {
            for (var slot = 0; slot < labelOfSlot.Length; slot++)
            {
                var target = planes.AsSpan(labelOfSlot[slot] * Pixels, Pixels);
                for (var y = part * Side; y < Math.Min(height, (part + 1) * Side); y++)
                {
                    for (var x = left; x < Math.Min(width, left + Side); x++)
                        target[(y * width) + x] = rows[(this[x, y] * stride) + slot];
                }
            }
        }
    }
}
