using DeconvNet.Imaging.Resampling;

namespace DeconvNet.Proposals.Edges;

/// <summary>Float planes of equal size, <c>[C, H, W]</c>, for the features of the structured forest.</summary>
internal sealed record FloatPlanes(int Width, int Height, float[][] Planes)
{
    public FloatPlanes(int width, int height, int count)
        : this(width, height, [.. Enumerable.Range(0, count).Select(_ => new float[width * height])])
    {
    }

    /// <summary>Smooths each plane with a triangle filter of the given radius and reflected border; radius 0 returns it unchanged.</summary>
    public FloatPlanes Smoothed(int radius)
    {
        if (radius == 0)
            return this;

        var half = SymmetricFilter.Triangle(radius, 1f / ((radius + 1) * (radius + 1)));
        var smooth = new float[Planes.Length][];
        Parallel.For(0, Planes.Length, c => SymmetricFilter.Apply(Planes[c], Width, Height, half, Border.Reflect101, smooth[c] = new float[Planes[c].Length]));
        return this with { Planes = smooth };
    }

    /// <summary>Resizes by OpenCV's rule: area averaging if both sides shrink, bilinear interpolation otherwise.</summary>
    public FloatPlanes Resized(int width, int height)
    {
        if ((width, height) == (Width, Height))
            return this;

        var shrinks = width < Width && height < Height;
        var columns = shrinks ? AreaTaps(Width, width) : LinearTaps(Width, width);
        var rows = shrinks ? AreaTaps(Height, height) : LinearTaps(Height, height);
        var resized = new FloatPlanes(width, height, Planes.Length);
        Parallel.For(0, Planes.Length, c => Resize(Planes[c], resized.Planes[c], columns, rows));
        return resized;
    }

    private void Resize(float[] source, float[] target, Taps[] columns, Taps[] rows)
    {
        // Along x first, as in OpenCV: the last bits of the features decide which branch some patches take.
        for (var y = 0; y < rows.Length; y++)
        {
            var line = target.AsSpan(y * columns.Length, columns.Length);
            for (var k = 0; k < rows[y].Weights.Length; k++)
            {
                var weight = rows[y].Weights[k];
                var row = source.AsSpan((rows[y].First + k) * Width, Width);
                for (var x = 0; x < line.Length; x++)
                {
                    var (first, weights) = columns[x];
                    var sum = 0f;
                    for (var i = 0; i < weights.Length; i++)
                        sum += row[first + i] * weights[i];
                    line[x] += sum * weight;
                }
            }
        }
    }

    private static Taps[] AreaTaps(int source, int target)
    {
        const double min = 1e-3;
        var scale = (double)source / target;
        var taps = new Taps[target];
        for (var i = 0; i < target; i++)
        {
            var (from, to) = (i * scale, Math.Min((i + 1) * scale, source));
            var whole = Math.Min(scale, source - from);
            var first = -1;
            var weights = new List<float>();
            for (var pixel = (int)from; pixel < Math.Min(source, (int)Math.Ceiling(to)); pixel++)
            {
                var covered = Math.Min(pixel + 1, to) - Math.Max(pixel, from);
                if (covered < min)
                    continue;

                first = first < 0 ? pixel : first;
                weights.Add((float)(covered / whole));
            }

            taps[i] = new Taps(first, [.. weights]);
        }

        return taps;
    }

    private static Taps[] LinearTaps(int source, int target)
    {
        var taps = new Taps[target];
        for (var i = 0; i < target; i++)
        {
            var place = Math.Clamp(((i + 0.5) * source / target) - 0.5, 0, source - 1);
            var low = Math.Min((int)place, Math.Max(0, source - 2));
            var weight = (float)(place - low);
            taps[i] = source == 1 ? new Taps(0, [1]) : new Taps(low, [1 - weight, weight]);
        }

        return taps;
    }

    /// <summary>The consecutive source pixels of a result pixel, and their weights.</summary>
    private readonly record struct Taps(int First, float[] Weights);
}
