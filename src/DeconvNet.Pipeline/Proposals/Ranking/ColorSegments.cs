namespace DeconvNet.Proposals.Ranking;

/// <summary>
/// Graph-based segmentation by color (Felzenszwalb and Huttenlocher, IJCV 2004) of the image at half its size:
/// two regions are merged if the step between them is not larger than the largest step inside either of them plus a
/// tolerance that decreases with their size.
/// </summary>
internal sealed class ColorSegments : IDisposable
{
    private readonly int count;
    private readonly ScratchArray<int> parents;
    private readonly ScratchArray<int> sizes;
    private readonly ScratchArray<float> limits;
    private readonly int[] parent;
    private readonly int[] size;
    private readonly float[] limit;

    private ColorSegments(int count, float tolerance)
    {
        this.count = count;
        (parents, sizes, limits) = (new ScratchArray<int>(count), new ScratchArray<int>(count), new ScratchArray<float>(count));
        (parent, size, limit) = (parents.Array, sizes.Array, limits.Array);
        for (var i = 0; i < count; i++)
            (parent[i], size[i], limit[i]) = (i, 1, tolerance);
    }

    /// <summary>Labels the pixels 0 … n − 1, in order of decreasing region size.</summary>
    /// <param name="steps">The steps between neighbors.</param>
    /// <param name="tolerance">Tolerance in gray levels times pixels; larger values give larger regions.</param>
    public static ScratchArray<int> Label(ColorSteps steps, float tolerance)
    {
        using var regions = new ColorSegments(steps.Width * steps.Height, tolerance);
        foreach (var step in steps.Ascending)
        {
            var (a, b) = (regions.Root(step.From), regions.Root(step.To));
            if (a != b && step.Height <= regions.limit[a] && step.Height <= regions.limit[b])
                regions.Join(a, b, step.Height + (tolerance / (regions.size[a] + regions.size[b])));
        }

        return regions.Renumber();
    }

    public void Dispose()
    {
        parents.Dispose();
        sizes.Dispose();
        limits.Dispose();
    }

    private int Root(int pixel)
    {
        while (parent[pixel] != pixel)
        {
            parent[pixel] = parent[parent[pixel]];
            pixel = parent[pixel];
        }

        return pixel;
    }

    private void Join(int a, int b, float joined)
    {
        if (size[a] < size[b])
            (a, b) = (b, a);
        parent[b] = a;
        size[a] += size[b];
        limit[a] = joined;
    }

    private ScratchArray<int> Renumber()
    {
        var roots = new List<int>();
        for (var i = 0; i < count; i++)
        {
            if (parent[i] == i)
                roots.Add(i);
        }

        // Ties are broken by the first pixel, so that the order does not depend on the sort algorithm.
        roots.Sort((a, b) => size[a] != size[b] ? size[b].CompareTo(size[a]) : a.CompareTo(b));
        using var names = new ScratchArray<int>(count);
        for (var i = 0; i < roots.Count; i++)
            names.Array[roots[i]] = i;

        var labels = new ScratchArray<int>(count);
        for (var i = 0; i < count; i++)
            labels.Array[i] = names.Array[Root(i)];
        return labels;
    }
}
