using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeconvNet.Crf.Lattice;
using EightLanes = DeconvNet.Crf.Lattice.Lanes8;
using SixteenLanes = DeconvNet.Crf.Lattice.Joined<DeconvNet.Crf.Lattice.Lanes8, DeconvNet.Crf.Lattice.Lanes8>;
using TwentyFourLanes = DeconvNet.Crf.Lattice.Joined<DeconvNet.Crf.Lattice.Joined<DeconvNet.Crf.Lattice.Lanes8, DeconvNet.Crf.Lattice.Lanes8>, DeconvNet.Crf.Lattice.Lanes8>;

namespace DeconvNet.Crf;

/// <summary>The messages of one kernel to every pixel, during one inference. Parts of a step may run concurrently.</summary>
internal sealed class KernelMessages : IDisposable
{
    private const int Grain = 1024;

    private readonly LatticeFilter filter;
    private readonly ScratchArray<float> scratch;
    private readonly float[] values;
    private readonly bool isDiagonal;

    // Negated costs by slot, padded: [slots] if diagonal, else [slots, slots], one row per other label.
    private readonly float[] rewards;
    private readonly int fullStride;

    public KernelMessages(LatticeFilter filter, LabelCompatibility compatibility, int[] labelOfSlot, int fullStride)
    {
        this.filter = filter;
        this.fullStride = fullStride;
        isDiagonal = compatibility.IsDiagonal;
        rewards = new float[isDiagonal ? fullStride : fullStride * fullStride];
        for (var slot = 0; slot < labelOfSlot.Length; slot++)
        {
            if (isDiagonal)
                rewards[slot] = -compatibility.Cost(labelOfSlot[slot], labelOfSlot[slot]);
            else
                FillRow(compatibility, labelOfSlot, slot);
        }

        scratch = new ScratchArray<float>(checked(filter.Vertices * fullStride));
        values = scratch.Array;
    }

    /// <summary>Number of slots that are filtered, a multiple of 8; the others count as 0. Initially 0, since there is no message yet.</summary>
    public int Stride { get; set; }

    public int Axes => filter.Axes;

    public int SplatParts => (filter.Vertices + Grain - 1) / Grain;

    public int BlurParts(int axis) => axis < filter.Axes ? filter.BlurParts(axis) : 0;

    public void Splat(int part, float[] marginals, int marginalStride)
    {
        var (from, to) = (part * Grain, Math.Min(filter.Vertices, (part + 1) * Grain));
        for (var at = 0; at < Stride; at += TwentyFourLanes.Count)
        {
            switch (Stride - at)
            {
                case 8:
                    filter.Splat<EightLanes>(from, to, marginals, marginalStride, values, Stride, at);
                    break;
                case 16:
                    filter.Splat<SixteenLanes>(from, to, marginals, marginalStride, values, Stride, at);
                    break;
                default:
                    filter.Splat<TwentyFourLanes>(from, to, marginals, marginalStride, values, Stride, at);
                    break;
            }
        }
    }

    public void Blur(int axis, int part)
    {
        for (var at = 0; at < Stride; at += TwentyFourLanes.Count)
        {
            switch (Stride - at)
            {
                case 8:
                    filter.Blur<EightLanes>(axis, part, values, Stride, at);
                    break;
                case 16:
                    filter.Blur<SixteenLanes>(axis, part, values, Stride, at);
                    break;
                default:
                    filter.Blur<TwentyFourLanes>(axis, part, values, Stride, at);
                    break;
            }
        }
    }

    /// <summary>Adds the message for one pixel to its row of slots; <paramref name="scratch"/> has the same length.</summary>
    public void AddTo(ref float row, int point, Span<float> scratch)
    {
        for (var at = 0; at < Stride; at += TwentyFourLanes.Count)
        {
            switch (Stride - at)
            {
                case 8:
                    AddTo<EightLanes>(ref row, point, at, scratch);
                    break;
                case 16:
                    AddTo<SixteenLanes>(ref row, point, at, scratch);
                    break;
                default:
                    AddTo<TwentyFourLanes>(ref row, point, at, scratch);
                    break;
            }
        }

        if (isDiagonal)
            return;

        for (var other = 0; other < Stride; other++)
        {
            for (var at = 0; at < fullStride; at += EightLanes.Count)
            {
                ref var target = ref Unsafe.Add(ref row, at);
                EightLanes.MultiplyAdd(
                    EightLanes.Spread(scratch[other]), EightLanes.Load(ref rewards[(other * fullStride) + at]), EightLanes.Load(ref target)).Store(ref target);
            }
        }
    }

    public void Dispose() => scratch.Dispose();

    private void AddTo<TLanes>(ref float row, int point, int at, Span<float> scratch)
        where TLanes : struct, ILanes<TLanes>
    {
        var sum = filter.Slice<TLanes>(point, values, Stride, at);
        if (!isDiagonal)
        {
            sum.Store(ref scratch[at]);
            return;
        }

        ref var target = ref Unsafe.Add(ref row, at);
        ref var factor = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(rewards), at);
        TLanes.MultiplyAdd(sum, TLanes.Load(ref factor), TLanes.Load(ref target)).Store(ref target);
    }

    private void FillRow(LabelCompatibility compatibility, int[] labelOfSlot, int other)
    {
        for (var slot = 0; slot < labelOfSlot.Length; slot++)
            rewards[(other * fullStride) + slot] = -compatibility.Cost(labelOfSlot[slot], labelOfSlot[other]);
    }
}
