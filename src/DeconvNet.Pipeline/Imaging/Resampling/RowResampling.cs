using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DeconvNet.Imaging.Resampling;

/// <summary>Resampling along rows, which all have the same taps.</summary>
/// <remarks>A photo has so many rows that its first one would be over before tiered compilation optimized the loops.</remarks>
internal sealed class RowResampling
{
    private readonly ResampleTaps taps;
    private readonly float[] low = [];
    private readonly float[] high = [];

    public RowResampling(ResampleTaps taps)
    {
        this.taps = taps;
        if (taps.Count != 2)
            return;

        (low, high) = (new float[taps.First.Length], new float[taps.First.Length]);
        for (var x = 0; x < low.Length; x++)
            (low[x], high[x]) = (taps.Weights[2 * x], taps.Weights[(2 * x) + 1]);
    }

    /// <summary>Computes <c>target.Length</c> values of the resampled row, starting at column <paramref name="from"/>.</summary>
    public void Run(ReadOnlySpan<float> source, int from, Span<float> target)
    {
        if (taps.Count == 2)
            Interpolate(source, from, target);
        else
            Sum(source, from, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Interpolate(ReadOnlySpan<float> source, int from, Span<float> target)
    {
        var first = taps.First.AsSpan(from, target.Length);
        var left = low.AsSpan(from, target.Length);
        var right = high.AsSpan(from, target.Length);
        var lanes = Vector256<float>.Count;
        var x = 0;
        if (Vector256.IsHardwareAccelerated && source.Length > lanes)
        {
            ref var pixels = ref MemoryMarshal.GetReference(source);
            for (; x <= target.Length - lanes; x += lanes)
            {
                // In an enlarged row, as many neighbors as there are lanes lie between as many samples.
                var start = Math.Min(first[x], source.Length - lanes - 1);
                if (first[x + lanes - 1] - start >= lanes)
                    break;

                var at = Vector256.Create<int>(first[x..]) - Vector256.Create(start);
                var before = Vector256.ShuffleNative(Vector256.LoadUnsafe(ref pixels, (nuint)start), at);
                var after = Vector256.ShuffleNative(Vector256.LoadUnsafe(ref pixels, (nuint)(start + 1)), at);
                ((Vector256.Create<float>(left[x..]) * before) + (Vector256.Create<float>(right[x..]) * after)).CopyTo(target[x..]);
            }
        }

        for (; x < target.Length; x++)
            target[x] = (left[x] * source[first[x]]) + (right[x] * source[first[x] + 1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(ReadOnlySpan<float> source, int from, Span<float> target)
    {
        for (var x = 0; x < target.Length; x++)
        {
            var sum = 0f;
            var run = source.Slice(taps.First[from + x], taps.Count);
            var weights = taps.Of(from + x);
            for (var tap = 0; tap < run.Length; tap++)
                sum += weights[tap] * run[tap];

            target[x] = sum;
        }
    }
}
