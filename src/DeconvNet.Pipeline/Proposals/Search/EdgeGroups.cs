namespace DeconvNet.Proposals.Search;

/// <summary>An edge group, as used in window scoring.</summary>
/// <param name="Magnitude">Total strength of its edges.</param>
/// <param name="X">Column of its last pixel in column-major order, which represents its position.</param>
/// <param name="Y">Row of that pixel.</param>
/// <param name="FirstLink">Start of its affinities in <see cref="EdgeGroups.Links"/>.</param>
/// <param name="EndLink">End of its affinities, exclusive.</param>
internal readonly record struct EdgeGroup(float Magnitude, int X, int Y, int FirstLink, int EndLink);

/// <summary>Affinity of a group with group <paramref name="Other"/>, 0 … 1.</summary>
internal readonly record struct Link(int Other, float Affinity);

/// <summary>Two groups that come within two pixels, <c>A &lt; B</c>, and their affinity.</summary>
internal readonly record struct AffinityPair(int A, int B, float Affinity);

/// <summary>The groups of an edge map with their affinities (Edge Boxes, section 3.1). Group 0 is unused.</summary>
/// <param name="Groups">The groups by label.</param>
/// <param name="Links">Affinities of all groups, in order of discovery.</param>
/// <param name="Pairs">The affinities with each pair once, including weak ones.</param>
internal sealed record EdgeGroups(EdgeGroup[] Groups, Link[] Links, IReadOnlyList<AffinityPair> Pairs)
{
    /// <summary>Affinities along a path are multiplied; paths below this value are dropped.</summary>
    public const float MinAffinity = 0.05f;

    /// <summary>Computes the groups of a column-major label map.</summary>
    public static EdgeGroups Measure(float[] edges, float[] orientation, int width, int height, int[] labels, int count, float gamma)
    {
        var shapes = new Shape[count + 1];
        for (var x = 0; x < width; x++)
        {
            for (var y = 0; y < height; y++)
            {
                var i = (x * height) + y;
                if (labels[i] > 0)
                    shapes[labels[i]].Add(x, y, edges[i], orientation[i]);
            }
        }

        foreach (ref var shape in shapes.AsSpan(1))
            shape.Finish();
        var pairs = FindPairs(labels, width, height, shapes, gamma);

        // A path starts with a weight of at most 1, so an affinity below the limit can never be part of one.
        var next = new int[count + 2];
        foreach (var pair in pairs.Where(pair => pair.Affinity >= MinAffinity))
        {
            next[pair.A + 1]++;
            next[pair.B + 1]++;
        }

        for (var group = 1; group < next.Length; group++)
            next[group] += next[group - 1];
        var groups = new EdgeGroup[count + 1];
        for (var group = 1; group <= count; group++)
            groups[group] = new EdgeGroup(shapes[group].Magnitude, shapes[group].LastX, shapes[group].LastY, next[group], next[group + 1]);

        var links = new Link[next[^1]];
        foreach (var pair in pairs.Where(pair => pair.Affinity >= MinAffinity))
        {
            links[next[pair.A]++] = new Link(pair.B, pair.Affinity);
            links[next[pair.B]++] = new Link(pair.A, pair.Affinity);
        }

        return new EdgeGroups(groups, links, pairs);
    }

    private static List<AffinityPair> FindPairs(int[] labels, int width, int height, Shape[] shapes, float gamma)
    {
        const int reach = 2;
        var pairs = new List<AffinityPair>();
        var linked = new HashSet<(int, int)>();
        for (var x = reach; x < width - reach; x++)
        {
            for (var y = reach; y < height - reach; y++)
            {
                var a = labels[(x * height) + y];
                if (a <= 0)
                    continue;

                for (var column = x - reach; column <= x + reach; column++)
                {
                    foreach (var b in labels.AsSpan((column * height) + y - reach, (2 * reach) + 1))
                    {
                        if (b > a && linked.Add((a, b)))
                            pairs.Add(new AffinityPair(a, b, Affinity(shapes[a], shapes[b], gamma)));
                    }
                }
            }
        }

        return pairs;
    }

    private static float Affinity(in Shape a, in Shape b, float gamma)
    {
        var between = MathF.Atan2(a.MeanY - b.MeanY, a.MeanX - b.MeanX) + (MathF.PI / 2);
        return MathF.Pow(MathF.Abs(MathF.Cos(a.Angle - between) * MathF.Cos(b.Angle - between)), gamma);
    }

    private struct Shape
    {
        private float cos;
        private float sin;

        public float Magnitude { get; private set; }

        public int LastX { get; private set; }

        public int LastY { get; private set; }

        public float MeanX { get; private set; }

        public float MeanY { get; private set; }

        public float Angle { get; private set; }

        public void Add(int x, int y, float strength, float angle)
        {
            Magnitude += strength;
            MeanX += strength * x;
            MeanY += strength * y;
            cos += strength * MathF.Cos(2 * angle);
            sin += strength * MathF.Sin(2 * angle);
            (LastX, LastY) = (x, y);
        }

        public void Finish()
        {
            MeanX /= Magnitude;
            MeanY /= Magnitude;
            Angle = MathF.Atan2(sin / Magnitude, cos / Magnitude) / 2;
        }
    }
}
