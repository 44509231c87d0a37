using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeconvNet.Crf.Lattice;

namespace DeconvNet.Crf;

/// <summary>
/// Filters values at all points with a Gaussian kernel, on the lattice: splat, blur along each axis, slice. The normalization is part of the weights.
/// Immutable and thread-safe. Array bounds are not checked in its loops: every index comes from the lattice.
/// </summary>
internal sealed class LatticeFilter
{
    // As in Krähenbühl's code; avoids division by 0 if a kernel reaches no pixel.
    private const double Epsilon = 1e-20;

    private readonly PermutohedralLattice lattice;
    private readonly int taps;

    /// <summary>Takes over <paramref name="lattice"/>; its weights are overwritten with those of the filter.</summary>
    public LatticeFilter(PermutohedralLattice lattice, KernelNormalization normalization, WorkerTeam team)
    {
        this.lattice = lattice;
        taps = lattice.Dimension + 1;
        var alpha = 1 / (1 + MathF.Pow(2, -lattice.Dimension));
        foreach (ref var tap in lattice.Slices.AsSpan())
            tap = tap with { Weight = tap.Weight * alpha };
        if (normalization != KernelNormalization.None)
            Normalize(normalization, team);
    }

    public int Points => lattice.Points;

    public int Vertices => lattice.Vertices;

    public int Axes => taps;

    public int BlurParts(int axis) => lattice.Axes[axis].Parts;

    /// <summary>Splats rows of <c>[points, pointStride]</c> onto vertices, <c>[vertices, stride]</c>, from column <paramref name="at"/>.</summary>
    public void Splat<TLanes>(int from, int to, float[] points, nint pointStride, float[] values, nint stride, int at)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var column = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(points), at);
        ref var target = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(values), at);
        ref var splats = ref MemoryMarshal.GetArrayDataReference(lattice.Splats);
        var first = lattice.FirstSplats;
        for (var vertex = from; vertex < to; vertex++)
        {
            var sum = default(TLanes);
            for (var i = first[vertex]; i < first[vertex + 1]; i++)
            {
                var (point, weight) = Unsafe.Add(ref splats, i);
                sum = TLanes.MultiplyAdd(TLanes.Spread(weight), TLanes.Load(ref Unsafe.Add(ref column, point * pointStride)), sum);
            }

            sum.Store(ref Unsafe.Add(ref target, vertex * stride));
        }
    }

    /// <summary>Blurs one part along an axis, in place. Parts of an axis are independent; axes are processed one after another.</summary>
    public void Blur<TLanes>(int axis, int part, float[] values, int stride, int at)
        where TLanes : struct, ILanes<TLanes>
        => lattice.Axes[axis].Blur<TLanes>(part, values, stride, at);

    /// <summary>Slices: the filtered value at one point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Slice<TLanes>(int point, float[] values, nint stride, int at)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var column = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(values), at);
        ref var slices = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(lattice.Slices), (nint)point * taps);
        var sum = default(TLanes);
        for (var m = 0; m < taps; m++)
        {
            var (vertex, weight) = Unsafe.Add(ref slices, m);
            sum = TLanes.MultiplyAdd(TLanes.Spread(weight), TLanes.Load(ref Unsafe.Add(ref column, vertex * stride)), sum);
        }

        return sum;
    }

    /// <summary>Filters one value per point.</summary>
    public float[] Apply(float[] points, WorkerTeam team)
    {
        const int grain = 8192;
        var values = new float[Vertices];
        team.Run((Vertices + grain - 1) / grain, (part, _) =>
            Splat<Lane>(part * grain, Math.Min(Vertices, (part + 1) * grain), points, 1, values, 1, 0));
        for (var i = 0; i < Axes; i++)
        {
            var axis = i;
            team.Run(BlurParts(axis), (part, _) => Blur<Lane>(axis, part, values, 1, 0));
        }

        var result = new float[Points];
        team.Run((Points + grain - 1) / grain, (part, _) =>
        {
            for (var point = part * grain; point < Math.Min(Points, (part + 1) * grain); point++)
                Slice<Lane>(point, values, 1, 0).Store(ref result[point]);
        });
        return result;
    }

    private void Normalize(KernelNormalization normalization, WorkerTeam team)
    {
        var ones = new float[Points];
        Array.Fill(ones, 1f);
        var scales = Apply(ones, team);
        foreach (ref var scale in scales.AsSpan())
            scale = (float)(1 / (normalization == KernelNormalization.Symmetric ? Math.Sqrt(scale + Epsilon) : scale + Epsilon));

        if (normalization is KernelNormalization.Symmetric or KernelNormalization.Before)
        {
            foreach (ref var tap in lattice.Splats.AsSpan())
                tap = tap with { Weight = tap.Weight * scales[tap.Index] };
        }

        if (normalization is KernelNormalization.Symmetric or KernelNormalization.After)
        {
            for (var i = 0; i < lattice.Slices.Length; i++)
                lattice.Slices[i] = lattice.Slices[i] with { Weight = lattice.Slices[i].Weight * scales[i / taps] };
        }
    }
}
