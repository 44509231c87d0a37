using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeconvNet.Crf.Lattice;

/// <summary>
/// The vertices along one axis of the lattice as chains of neighbors. Blurring adds half of each neighbor to a vertex,
/// in place along a chain, with one read and one write per vertex. Vertices without neighbors are in no chain and stay unchanged.
/// </summary>
internal sealed class BlurAxis
{
    private const int Grain = 2048;

    private readonly int[] pairs;
    private readonly int[] chains;
    private readonly int[] chainStarts;
    private readonly int pairParts;

    private BlurAxis(int[] pairs, int[] chains, int[] chainStarts)
    {
        this.pairs = pairs;
        this.chains = chains;
        this.chainStarts = chainStarts;
        pairParts = (pairs.Length + Grain - 1) / Grain;
    }

    /// <summary>Number of parts that may be blurred concurrently.</summary>
    public int Parts => pairParts + chainStarts.Length - 1;

    /// <param name="following">The next vertex along the axis for each vertex, −1 at the end.</param>
    public static BlurAxis Create(ReadOnlySpan<int> following)
    {
        var preceded = new bool[following.Length];
        foreach (var next in following)
        {
            if (next >= 0)
                preceded[next] = true;
        }

        // Pairs, the most frequent chains of a sparse lattice, are handled without an inner loop.
        var (pairs, chains, starts) = (new List<int>(following.Length), new List<int>(following.Length), new List<int> { 0 });
        for (var head = 0; head < following.Length; head++)
        {
            if (preceded[head] || following[head] < 0)
                continue;

            var second = following[head];
            if (following[second] < 0)
            {
                pairs.Add(head);
                pairs.Add(second);
                continue;
            }

            if (chains.Count - starts[^1] >= Grain)
                starts.Add(chains.Count);
            var vertex = head;
            for (; following[vertex] >= 0; vertex = following[vertex])
                chains.Add(vertex);
            chains.Add(~vertex);
        }

        starts.Add(chains.Count);
        return new BlurAxis([.. pairs], [.. chains], [.. starts]);
    }

    /// <summary>Blurs one part of <c>[vertices, stride]</c>, from column <paramref name="at"/>.</summary>
    public void Blur<TLanes>(int part, float[] values, int stride, int at)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var column = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(values), at);
        if (part < pairParts)
            BlurPairs<TLanes>(pairs.AsSpan(part * Grain, Math.Min(Grain, pairs.Length - (part * Grain))), ref column, stride);
        else
            BlurChains<TLanes>(chains.AsSpan(chainStarts[part - pairParts]..chainStarts[part - pairParts + 1]), ref column, stride);
    }

    private static void BlurPairs<TLanes>(ReadOnlySpan<int> pairs, ref float column, nint stride)
        where TLanes : struct, ILanes<TLanes>
    {
        var half = TLanes.Spread(0.5f);
        for (var i = 0; i + 1 < pairs.Length; i += 2)
        {
            ref var first = ref Unsafe.Add(ref column, pairs[i] * stride);
            ref var second = ref Unsafe.Add(ref column, pairs[i + 1] * stride);
            var (a, b) = (TLanes.Load(ref first), TLanes.Load(ref second));
            TLanes.MultiplyAdd(half, b, a).Store(ref first);
            TLanes.MultiplyAdd(half, a, b).Store(ref second);
        }
    }

    private static void BlurChains<TLanes>(ReadOnlySpan<int> chains, ref float column, nint stride)
        where TLanes : struct, ILanes<TLanes>
    {
        var half = TLanes.Spread(0.5f);
        for (var i = 0; i < chains.Length; i++)
        {
            ref var place = ref Unsafe.Add(ref column, chains[i] * stride);
            var (before, own) = (default(TLanes), TLanes.Load(ref place));
            var last = false;
            while (!last)
            {
                var next = chains[++i];
                last = next < 0;
                ref var nextPlace = ref Unsafe.Add(ref column, (last ? ~next : next) * stride);
                var after = TLanes.Load(ref nextPlace);
                TLanes.MultiplyAdd(half, TLanes.Add(before, after), own).Store(ref place);
                (before, own) = (own, after);
                place = ref nextPlace;
            }

            TLanes.MultiplyAdd(half, before, own).Store(ref place);
        }
    }
}
