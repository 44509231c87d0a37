using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeconvNet.Imaging.Resampling;

/// <summary>The inner loops of resampling: weighted sums of rows.</summary>
internal static class RowMath
{
    public static byte ToByte(float value) => (byte)Math.Clamp((int)(value + 0.5f), 0, 255);

    /// <summary><c>sum += weight · source</c>, from bytes.</summary>
    public static void MultiplyAdd(ReadOnlySpan<byte> source, float weight, Span<float> sum)
    {
        var x = 0;
        var step = Vector<byte>.Count;
        for (; x <= sum.Length - step; x += step)
        {
            Vector.Widen(new Vector<byte>(source[x..]), out var low, out var high);
            Vector.Widen(low, out var a, out var b);
            Vector.Widen(high, out var c, out var d);
            var lanes = MemoryMarshal.Cast<float, Vector<float>>(sum.Slice(x, step));
            lanes[0] += weight * Vector.ConvertToSingle(Vector.AsVectorInt32(a));
            lanes[1] += weight * Vector.ConvertToSingle(Vector.AsVectorInt32(b));
            lanes[2] += weight * Vector.ConvertToSingle(Vector.AsVectorInt32(c));
            lanes[3] += weight * Vector.ConvertToSingle(Vector.AsVectorInt32(d));
        }

        for (; x < sum.Length; x++)
            sum[x] += weight * source[x];
    }

    /// <summary><c>target = Σ weight · row</c> over consecutive rows of <c>target.Length</c> values.</summary>
    public static void WeightedSum(ReadOnlySpan<float> rows, ReadOnlySpan<float> weights, Span<float> target)
    {
        var length = target.Length;
        if (weights.Length == 2)
        {
            Blend(rows[..length], rows.Slice(length, length), weights[0], weights[1], target);
            return;
        }

        target.Clear();
        for (var tap = 0; tap < weights.Length; tap++)
        {
            if (weights[tap] != 0)
                MultiplyAdd(rows.Slice(tap * length, length), weights[tap], target);
        }
    }

    /// <summary><c>sum += weight · source</c>, rounded after the product.</summary>
    public static void MultiplyAdd(ReadOnlySpan<float> source, float weight, Span<float> sum) =>
        TensorPrimitives.MultiplyAdd(source[..sum.Length], weight, sum, sum);

    /// <summary><c>target = weight0 · first + weight1 · second</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Blend(ReadOnlySpan<float> first, ReadOnlySpan<float> second, float weight0, float weight1, Span<float> target)
    {
        var x = 0;
        for (; x <= target.Length - Vector<float>.Count; x += Vector<float>.Count)
            ((weight0 * new Vector<float>(first[x..])) + (weight1 * new Vector<float>(second[x..]))).CopyTo(target[x..]);

        for (; x < target.Length; x++)
            target[x] = (weight0 * first[x]) + (weight1 * second[x]);
    }
}
