using DeconvNet.Proposals.Edges;

namespace DeconvNet.Proposals.Forest;

/// <summary>Gradient magnitude, normalized over the neighborhood, and its histogram of orientations in cells: features of the structured forest.</summary>
internal static class GradientHistogram
{
    private const float Quietness = 0.01f;
    private const float Flat = 1e-5f;
    private const float Tiny = 2.2204460e-16f;

    /// <summary>Computes the gradient of the planes; at each pixel, from the plane where it is strongest.</summary>
    /// <param name="planes">The planes.</param>
    /// <param name="normalizationRadius">Radius of the neighborhood, in pixels.</param>
    /// <param name="cell">Side of a cell, in pixels.</param>
    /// <param name="orientations">Number of orientations of the histogram.</param>
    public static (FloatPlanes Magnitude, FloatPlanes Histogram) Measure(FloatPlanes planes, int normalizationRadius, int cell, int orientations)
    {
        var (width, height) = (planes.Width, planes.Height);
        var magnitude = new FloatPlanes(width, height, 1);
        var bins = new byte[width * height];
        Parallel.For(0, height, y =>
        {
            var (above, row, below) = (Math.Max(0, y - 1) * width, y * width, Math.Min(height - 1, y + 1) * width);
            for (var x = 0; x < width; x++)
            {
                var (left, right) = (row + Math.Max(0, x - 1), row + Math.Min(width - 1, x + 1));
                var (dx, dy, max) = (0f, 0f, -1f);
                foreach (var plane in planes.Planes)
                {
                    var (otherX, otherY) = (plane[right] - plane[left], plane[below + x] - plane[above + x]);
                    var other = (otherX * otherX) + (otherY * otherY);
                    if (other > max)
                        (dx, dy, max) = (otherX, otherY, other);
                }

                magnitude.Planes[0][row + x] = MathF.Sqrt(max);
                bins[row + x] = Bin(dx, dy, orientations);
            }
        });

        var mean = magnitude.Smoothed(normalizationRadius).Planes[0];
        var own = magnitude.Planes[0];
        var normal = new float[own.Length];
        for (var i = 0; i < normal.Length; i++)
            normal[i] = own[i] / (mean[i] + Quietness);
        return (new FloatPlanes(width, height, [normal]), Histogram(normal, bins, width, height, cell, orientations));
    }

    private static FloatPlanes Histogram(float[] magnitude, byte[] bins, int width, int height, int cell, int orientations)
    {
        var histogram = new FloatPlanes((width + cell - 1) / cell, (height + cell - 1) / cell, orientations);
        var weight = 1f / (cell * cell);
        for (var y = 0; y < height; y++)
        {
            var row = y / cell * histogram.Width;
            for (var x = 0; x < width; x++)
            {
                var i = (y * width) + x;
                histogram.Planes[bins[i]][row + (x / cell)] += magnitude[i] * weight;
            }
        }

        return histogram;
    }

    private static byte Bin(float dx, float dy, int orientations)
    {
        var halfTurns = 0.5f;
        if (MathF.Abs(dx) + MathF.Abs(dy) >= Flat)
        {
            halfTurns = Degrees(dx, dy) / 180;
            if (dy < 0)
                halfTurns -= 1;
        }

        return (byte)((int)MathF.Round(halfTurns * orientations) % orientations);
    }

    /// <summary>OpenCV's polynomial approximation of the arctangent; with an exact one, some pixels would fall into a different bin than in training.</summary>
    private static float Degrees(float x, float y)
    {
        const float turn = (float)(180 / Math.PI);
        var (ax, ay) = (MathF.Abs(x), MathF.Abs(y));
        var c = Math.Min(ax, ay) / (Math.Max(ax, ay) + Tiny);
        var square = c * c;
        var angle = ((((((-0.04432655554792128f * turn * square) + (0.1555786518463281f * turn)) * square) - (0.3258083974640975f * turn)) * square)
            + (0.9997878412794807f * turn)) * c;
        if (ay > ax)
            angle = 90 - angle;
        if (x < 0)
            angle = 180 - angle;
        return y < 0 ? 360 - angle : angle;
    }
}
