namespace DeconvNet.Crf;

/// <summary>
/// The permutohedral lattice of some points (Adams, Baek and Davis, "Fast High-Dimensional Filtering Using the Permutohedral Lattice", 2010):
/// the vertices around them and how values go from points to vertices, among vertices and back. Only vertices that a point touches exist.
/// Immutable, safe to use from many threads.
/// </summary>
internal sealed class PermutohedralLattice
{
    private readonly KeyLayout layout;
    private readonly VertexTable table = new();
    private readonly int[] taps;

    /// <param name="features">The points, <c>[dimension, points]</c>.</param>
    /// <param name="dimension">Number of features of a point.</param>
    /// <param name="team">Shares the work.</param>
    /// <exception cref="ArgumentException">A feature is too large to be told from its neighbours in float32.</exception>
    public PermutohedralLattice(float[] features, int dimension, WorkerTeam team)
    {
        Dimension = dimension;
        Points = features.Length / dimension;
        layout = new KeyLayout(dimension);
        Slices = new Tap[checked(Points * (dimension + 1))];
        Place(features);

        taps = new int[Vertices + 1];
        Splats = new Tap[Slices.Length];
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

    /// <summary>The points around each vertex in their order, those of vertex v from <c>FirstSplats[v]</c> to <c>FirstSplats[v + 1]</c>.</summary>
    public Tap[] Splats { get; }

    public ReadOnlySpan<int> FirstSplats => taps;

    public BlurAxis[] Axes { get; }

    /// <summary>For each vertex its neighbour with −1 in every coordinate but d along the axis; −1 where there is none.</summary>
    public int[] Following(int axis)
    {
        var step = layout.Wraps[axis] - layout.Ones;
        var result = new int[Vertices];
        for (var vertex = 0; vertex < result.Length; vertex++)
            result[vertex] = table.Find(table[vertex] + step);
        return result;
    }

    private void Place(float[] features)
    {
        var simplex = new Simplex(Dimension);
        Span<float> block = stackalloc float[Dimension * Simplex.Block];
        Span<float> weights = stackalloc float[Dimension + 1];
        Span<int> axisOfRank = stackalloc int[Dimension + 1];
        Span<VertexKey> lastKeys = stackalloc VertexKey[Dimension + 1];
        Span<int> lastVertices = stackalloc int[Dimension + 1];
        for (var start = 0; start < Points; start += Simplex.Block)
        {
            var count = Math.Min(Simplex.Block, Points - start);
            for (var i = 0; i < Dimension; i++)
                features.AsSpan((i * Points) + start, count).CopyTo(block[(i * Simplex.Block)..]);
            var furthest = simplex.Enclose(block);
            if (!(furthest < layout.Limit))
            {
                throw new ArgumentException(
                    $"The image is too large for so small a standard deviation: a lattice coordinate is {furthest:G3}, the limit {layout.Limit}.", nameof(features));
            }

            for (var lane = 0; lane < count; lane++)
            {
                simplex.Weigh(lane, weights, axisOfRank);
                var key = layout.Origin;
                for (var i = 0; i < Dimension; i++)
                    key += layout.Along(i, simplex.Rest(lane, i));
                for (var m = 0; m <= Dimension; m++)
                {
                    if (m > 0)
                        key = key + layout.Ones - layout.Wraps[axisOfRank[Dimension + 1 - m]];

                    // Neighbouring pixels are often in the same simplex, or in one that shares vertices.
                    if (start + lane == 0 || key != lastKeys[m])
                        (lastKeys[m], lastVertices[m]) = (key, table.FindOrAdd(key));
                    Slices[((start + lane) * (Dimension + 1)) + m] = new Tap(lastVertices[m], weights[m]);
                }
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
