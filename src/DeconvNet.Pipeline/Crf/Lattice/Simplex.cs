using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DeconvNet.Crf.Lattice;

/// <summary>
/// Finds the enclosing simplex of the permutohedral lattice for eight points at a time (Adams, Baek and Davis 2010, section 3.1; the arithmetic
/// and its order follow Krähenbühl's code, since breaking ties differently gives different vertices).
/// </summary>
internal sealed class Simplex
{
    public const int Block = 8;

    private readonly int dimension;
    private readonly float[] scales;
    private readonly float[] elevated;
    private readonly float[] rests;
    private readonly float[] ranks;

    public Simplex(int dimension)
    {
        this.dimension = dimension;
        var spread = (float)(Math.Sqrt(2.0 / 3) * (dimension + 1));
        scales = [.. Enumerable.Range(0, dimension).Select(i => (float)(spread / Math.Sqrt((i + 1) * (i + 2))))];
        elevated = new float[(dimension + 1) * Block];
        rests = new float[(dimension + 1) * Block];
        ranks = new float[(dimension + 1) * Block];
    }

    /// <summary>Takes eight points, <c>[dimension, 8]</c>; returns the largest magnitude of their lattice coordinates.</summary>
    public float Enclose(ReadOnlySpan<float> features)
    {
        var point = MemoryMarshal.Cast<float, Vector256<float>>(features);
        var e = MemoryMarshal.Cast<float, Vector256<float>>(elevated.AsSpan());
        var r = MemoryMarshal.Cast<float, Vector256<float>>(rests.AsSpan());
        var rank = MemoryMarshal.Cast<float, Vector256<float>>(ranks.AsSpan());
        var side = Vector256.Create((float)(dimension + 1));

        var sum = Vector256<float>.Zero;
        for (var j = dimension; j > 0; j--)
        {
            var scaled = point[j - 1] * scales[j - 1];
            e[j] = sum - (scaled * j);
            sum += scaled;
        }

        e[0] = sum;
        var (total, largest) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var i = 0; i <= dimension; i++)
        {
            var rounded = Vector256.Round(e[i] * (1f / (dimension + 1)));
            r[i] = rounded * side;
            total += rounded;
            rank[i] = Vector256<float>.Zero;
            largest = Vector256.Max(largest, Vector256.Abs(e[i]));
        }

        for (var i = 0; i < dimension; i++)
        {
            var own = e[i] - r[i];
            for (var j = i + 1; j <= dimension; j++)
            {
                var less = Vector256.LessThan(own, e[j] - r[j]) & Vector256<float>.One;
                rank[i] += less;
                rank[j] += Vector256<float>.One - less;
            }
        }

        for (var i = 0; i <= dimension; i++)
        {
            rank[i] += total;
            var wrap = (side & Vector256.LessThan(rank[i], Vector256<float>.Zero)) - (side & Vector256.GreaterThanOrEqual(rank[i], side));
            rank[i] += wrap;
            r[i] += wrap;
        }

        var furthest = 0f;
        for (var lane = 0; lane < Block; lane++)
            furthest = Math.Max(furthest, largest[lane]);
        return furthest;
    }

    /// <summary>The nearest vertex whose coordinates are multiples of d + 1, without the last coordinate.</summary>
    public int Rest(int point, int axis) => (int)rests[(axis * Block) + point];

    /// <summary>Rank of the axis among the differences to that vertex, 0 for the largest.</summary>
    public int Rank(int point, int axis) => (int)ranks[(axis * Block) + point];

    /// <summary>Barycentric weights, <c>[dimension + 1]</c>, and the axis of each rank.</summary>
    public void Weigh(int point, Span<float> weights, Span<int> axisOfRank)
    {
        Span<float> byRank = stackalloc float[dimension + 1];
        for (var i = 0; i <= dimension; i++)
        {
            var at = (i * Block) + point;
            var rank = Rank(point, i);
            axisOfRank[rank] = i;
            byRank[rank] = (elevated[at] - rests[at]) * (1f / (dimension + 1));
        }

        weights[0] = byRank[dimension] + (1 - byRank[0]);
        for (var m = 1; m <= dimension; m++)
            weights[m] = byRank[dimension - m] - byRank[dimension + 1 - m];
    }
}
