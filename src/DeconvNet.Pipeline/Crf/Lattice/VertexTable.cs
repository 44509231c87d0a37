namespace DeconvNet.Crf.Lattice;

/// <summary>Numbers vertices by first appearance: an open-addressing hash table whose slots hold a number and enough of the hash to tell most keys apart.</summary>
internal sealed class VertexTable
{
    private const int Empty = 0;

    private VertexKey[] keys = new VertexKey[1024];
    private ulong[] slots = new ulong[4096];
    private int shift = 64 - 12;

    public int Count { get; private set; }

    public VertexKey this[int vertex] => keys[vertex];

    public int FindOrAdd(VertexKey key)
    {
        var hash = Hash(key);
        var slot = Search(key, hash);
        if (slots[slot] != Empty)
            return (int)slots[slot] - 1;

        if (Count == keys.Length)
            Array.Resize(ref keys, 2 * keys.Length);
        keys[Count++] = key;
        slots[slot] = Entry(hash, Count);
        if (2 * Count > slots.Length)
            Grow();
        return Count - 1;
    }

    /// <summary>The number of a vertex; −1 if it is not in the table.</summary>
    public int Find(VertexKey key) => (int)slots[Search(key, Hash(key))] - 1;

    private static ulong Hash(VertexKey key)
    {
        var mixed = (key.Low * 0x9E3779B97F4A7C15) ^ ulong.RotateLeft(key.High * 0xC2B2AE3D27D4EB4F, 31);
        return (mixed ^ (mixed >> 29)) * 0xD6E8FEB86659FD93;
    }

    private static ulong Entry(ulong hash, int number) => (hash << 32) | (uint)number;

    private int Search(VertexKey key, ulong hash)
    {
        var tag = (uint)hash;
        for (var slot = (int)(hash >> shift); ; slot = (slot + 1) & (slots.Length - 1))
        {
            var entry = slots[slot];
            if (entry == Empty || ((uint)(entry >> 32) == tag && keys[(int)entry - 1] == key))
                return slot;
        }
    }

    private void Grow()
    {
        slots = new ulong[2 * slots.Length];
        shift--;
        for (var vertex = 0; vertex < Count; vertex++)
        {
            var hash = Hash(keys[vertex]);
            slots[Search(keys[vertex], hash)] = Entry(hash, vertex + 1);
        }
    }
}

/// <summary>
/// The coordinates of a lattice vertex packed into 128 bits. Each has a field with an offset, so that adding two keys adds all coordinates.
/// </summary>
internal readonly record struct VertexKey(ulong Low, ulong High)
{
    public static VertexKey operator +(VertexKey a, VertexKey b) => new(a.Low + b.Low, a.High + b.High);

    public static VertexKey operator -(VertexKey a, VertexKey b) => new(a.Low - b.Low, a.High - b.High);
}

/// <summary>The bit fields of a <see cref="VertexKey"/>, and the steps between vertices as keys to add.</summary>
internal sealed class KeyLayout
{
    // Above this, float32 has too few fractional bits left.
    private const int MaxCoordinate = 1 << 20;

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
        Limit = Math.Min(MaxCoordinate, 1 << (bits - 2));
    }

    /// <summary>Coordinates of a smaller magnitude fit.</summary>
    public int Limit { get; }

    /// <summary>All coordinates 0.</summary>
    public VertexKey Origin { get; }

    /// <summary>1 in every coordinate.</summary>
    public VertexKey Ones { get; }

    /// <summary>d + 1 along each axis; 0 along the last, whose coordinate is implied.</summary>
    public VertexKey[] Wraps { get; }

    /// <summary>The key of <paramref name="value"/> along an axis, to be added.</summary>
    public VertexKey Along(int axis, int value) => Scale(units[axis], (ulong)value);

    // Products of negative values wrap around, and so do the sums, back into their fields.
    private static VertexKey Scale(VertexKey key, ulong factor) => new(key.Low * factor, key.High * factor);

    private VertexKey Unit(int axis, int dimension)
        => axis == dimension ? default
        : axis < lowFields ? new VertexKey(1UL << (bits * axis), 0)
        : new VertexKey(0, 1UL << (bits * (axis - lowFields)));
}
