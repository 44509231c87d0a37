namespace DeconvNet.Crf.Lattice;

/// <summary>Numbers vertices by first appearance: a hash table with open addressing, whose slots hold a number and enough of the hash to tell most keys apart.</summary>
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

    /// <summary>The number of a vertex, −1 where there is none.</summary>
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
