namespace DeconvNet.Proposals.Ranking;

/// <summary>
/// Graph-based segmentation by color (Felzenszwalb and Huttenlocher, IJCV 2004) of the image at half its size:
/// two regions are merged if the step between them is not larger than the largest step inside either of them plus a
/// tolerance that decreases with their size.
/// </summary>
internal sealed class ColorSegments
{
    private readonly int[] parent;
    private readonly int[] size;
    private readonly float[] limit;

    private ColorSegments(int count, float tolerance)
    {
        parent = new int[count];
        size = new int[count];
        limit = new float[count];
        for (var i = 0; i < count; i++)
            (parent[i], size[i], limit[i]) = (i, 1, tolerance);
    }

    /// <summary>Labels the pixels 0 … n − 1, in order of decreasing region size.</summary>
    /// <param name="steps">The steps between neighbors.</param>
    /// <param name="tolerance">Tolerance in gray levels times pixels; larger values give larger regions.</param>
    public static int[] Label(ColorSteps steps, float tolerance)
    {
        var regions = new ColorSegments(steps.Width * steps.Height, tolerance);
        foreach (var step in steps.Ascending)
        {
            var (a, b) = (regions.Root(step.From), regions.Root(step.To));
            if (a != b && step.Height <= regions.limit[a] && step.Height <= regions.limit[b])
                regions.Join(a, b, step.Height + (tolerance / (regions.size[a] + regions.size[b])));
        }

        return regions.Renumber();
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

    private int[] Renumber()
    {
        var roots = new List<int>();
        for (var i = 0; i < parent.Length; i++)
        {
            if (parent[i] == i)
                roots.Add(i);
        }

        // Ties are broken by the first pixel, so that the order does not depend on the sort algorithm.
        roots.Sort((a, b) => size[a] != size[b] ? size[b].CompareTo(size[a]) : a.CompareTo(b));
        var names = new int[parent.Length];
        for (var i = 0; i < roots.Count; i++)
            names[roots[i]] = i;

        var labels = new int[parent.Length];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = names[Root(i)];
        return labels;
    }
}
