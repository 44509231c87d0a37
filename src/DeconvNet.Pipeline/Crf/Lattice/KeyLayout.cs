namespace DeconvNet.Crf.Lattice;

/// <summary>Where the coordinates lie in a <see cref="VertexKey"/>, and the steps from vertex to vertex as keys to add.</summary>
internal sealed class KeyLayout
{
    // Above this, neighboring integers are too coarsely spaced for the fractions of float32 to say anything.
    private const int LargestCoordinate = 1 << 20;

    private readonly VertexKey[] units;
    private readonly int lowFields;
    private readonly int bits;

    public KeyLayout(int dimension)
    {
        lowFields = (dimension + 1) / 2;
        bits = Math.Min(32, 64 / lowFields);
        units = [.. Enumerable.Range(0, dimension + 1).Select(i => Unit(i, dimension))];
        Ones = units.Aggregate((sum, unit) => sum + unit);
        Origin = Scale(Ones, 1UL << (bits - 1));
        Wraps = [.. units.Select(unit => Scale(unit, (ulong)dimension + 1))];
        Limit = Math.Min(LargestCoordinate, 1 << (bits - 2));
    }

    /// <summary>Coordinates whose magnitude is below this fit.</summary>
    public int Limit { get; }

    /// <summary>All coordinates 0.</summary>
    public VertexKey Origin { get; }

    /// <summary>1 in every coordinate.</summary>
    public VertexKey Ones { get; }

    /// <summary>d + 1 along each axis; nothing along the last, whose coordinate is implied.</summary>
    public VertexKey[] Wraps { get; }

    /// <summary>The key of <paramref name="value"/> along an axis, to be added.</summary>
    public VertexKey Along(int axis, int value) => Scale(units[axis], (ulong)value);

    // Products of negative values wrap around; so do the sums, back into their field.
    private static VertexKey Scale(VertexKey key, ulong factor) => new(key.Low * factor, key.High * factor);

    private VertexKey Unit(int axis, int dimension)
        => axis == dimension ? default
        : axis < lowFields ? new VertexKey(1UL << (bits * axis), 0)
        : new VertexKey(0, 1UL << (bits * (axis - lowFields)));
}
