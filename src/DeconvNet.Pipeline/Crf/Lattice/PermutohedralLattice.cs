namespace DeconvNet.Crf.Lattice;

/// <summary>
/// The permutohedral lattice of a set of points (Adams, Baek and Davis, "Fast High-Dimensional Filtering Using the Permutohedral Lattice", 2010):
/// the vertices around them, and the weights to splat, blur and slice. Only vertices that a point touches are stored.
/// Immutable and thread-safe.
/// </summary>
internal sealed class PermutohedralLattice
{
    // Points that a worker takes at a time; a multiple of a block.
    private const int Grain = 4096;

    private readonly KeyLayout layout;
    private readonly VertexTable table = new();
    private readonly int[] taps;

    /// <param name="features">The points, <c>[dimension, points]</c>.</param>
    /// <param name="dimension">Number of features of a point.</param>
    /// <param name="team">Shares the work.</param>
    /// <exception cref="ArgumentException">A feature is so large that float32 cannot distinguish it from its neighbors.</exception>
    public PermutohedralLattice(float[] features, int dimension, WorkerTeam team)
    {
        Dimension = dimension;
        Points = features.Length / dimension;
        layout = new KeyLayout(dimension);
        Slices = GC.AllocateUninitializedArray<Tap>(checked(Points * (dimension + 1)));
        Place(features, team);

        taps = new int[Vertices + 1];
        Splats = GC.AllocateUninitializedArray<Tap>(Slices.Length);
        Axes = new BlurAxis[dimension + 1];
        team.Run(dimension + 2, (part, _) =>
        {
            if (part == 0)
                Gather();
            else
                Axes[part - 1] = BlurAxis.Create(Following(part - 1));
        });
    }

    public int Dimension { get; }

    public int Points { get; }

    public int Vertices => table.Count;

    /// <summary>The vertices around each point and their barycentric weights, <c>[points, dimension + 1]</c>.</summary>
    public Tap[] Slices { get; }

    /// <summary>The points around each vertex, in order; those of vertex v from <c>FirstSplats[v]</c> to <c>FirstSplats[v + 1]</c>.</summary>
    public Tap[] Splats { get; }

    public ReadOnlySpan<int> FirstSplats => taps;

    public BlurAxis[] Axes { get; }

    /// <summary>The neighbor of each vertex with −1 in every coordinate except d along the axis; −1 if there is none.</summary>
    public int[] Following(int axis)
    {
        var step = layout.Wraps[axis] - layout.Ones;
        var result = new int[Vertices];
        for (var vertex = 0; vertex < result.Length; vertex++)
            result[vertex] = table.Find(table[vertex] + step);
        return result;
    }

    /// <summary>Finds the vertices around each point; they are numbered by first appearance.</summary>
    private void Place(float[] features, WorkerTeam team)
    {
        using var scratch = new ScratchArray<VertexKey>(Slices.Length);
        var keys = scratch.Array;
        var parts = (Points + Grain - 1) / Grain;
        var furthest = new float[parts];
        team.Run(parts, (part, _) => furthest[part] = Enclose(features, part * Grain, Math.Min(Points, (part + 1) * Grain), keys));

        // Written so that NaN counts as too far.
        foreach (var place in furthest)
        {
            if (!(place < layout.Limit))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"The image is too large for the standard deviation: a lattice coordinate is {place:G3}; the limit is {layout.Limit}."));
            }
        }

        Number(keys);
    }

    /// <summary>Computes keys and weights of a range of points; returns the largest magnitude of a lattice coordinate, and stops if it is too large.</summary>
    private float Enclose(float[] features, int from, int to, VertexKey[] keys)
    {
        var simplex = new Simplex(Dimension);
        Span<float> block = stackalloc float[Dimension * Simplex.Block];
        Span<float> weights = stackalloc float[Dimension + 1];
        Span<int> axisOfRank = stackalloc int[Dimension + 1];
        var furthest = 0f;
        for (var start = from; start < to; start += Simplex.Block)
        {
            var count = Math.Min(Simplex.Block, to - start);
            for (var i = 0; i < Dimension; i++)
                features.AsSpan((i * Points) + start, count).CopyTo(block[(i * Simplex.Block)..]);
            furthest = MathF.Max(furthest, simplex.Enclose(block));
            if (!(furthest < layout.Limit))
                return furthest;

            for (var lane = 0; lane < count; lane++)
            {
                simplex.Weigh(lane, weights, axisOfRank);
                var key = layout.Origin;
                for (var i = 0; i < Dimension; i++)
                    key += layout.Along(i, simplex.Rest(lane, i));
                var at = (start + lane) * (Dimension + 1);
                for (var m = 0; m <= Dimension; m++)
                {
                    if (m > 0)
                        key = key + layout.Ones - layout.Wraps[axisOfRank[Dimension + 1 - m]];
                    keys[at + m] = key;
                    Slices[at + m] = new Tap(0, weights[m]);
                }
            }
        }

        return furthest;
    }

    private void Number(VertexKey[] keys)
    {
        Span<VertexKey> lastKeys = stackalloc VertexKey[Dimension + 1];
        Span<int> lastVertices = stackalloc int[Dimension + 1];
        var at = 0;
        for (var point = 0; point < Points; point++)
        {
            for (var m = 0; m <= Dimension; m++, at++)
            {
                // Neighboring pixels are often in the same simplex, or in one that shares vertices.
                if (point == 0 || keys[at] != lastKeys[m])
                    (lastKeys[m], lastVertices[m]) = (keys[at], table.FindOrAdd(keys[at]));
                Slices[at] = Slices[at] with { Index = lastVertices[m] };
            }
        }
    }

    private void Gather()
    {
        foreach (var tap in Slices)
            taps[tap.Index + 1]++;
        for (var vertex = 0; vertex < Vertices; vertex++)
            taps[vertex + 1] += taps[vertex];

        var next = taps.AsSpan(0, Vertices).ToArray();
        var at = 0;
        for (var point = 0; point < Points; point++)
        {
            for (var m = 0; m <= Dimension; m++, at++)
                Splats[next[Slices[at].Index]++] = new Tap(point, Slices[at].Weight);
        }
    }
}

/// <summary>A point or vertex that contributes to a sum, and its weight.</summary>
internal readonly record struct Tap(int Index, float Weight);
