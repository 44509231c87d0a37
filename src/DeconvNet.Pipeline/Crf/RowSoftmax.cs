using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeconvNet.Crf;

/// <summary>The softmax of one pixel's row of slots.</summary>
internal static class RowSoftmax
{
    // Probabilities below e^-46 = 1e-20 are set to 0. Their products would become subnormal numbers, which are a hundred times
    // as slow and make no difference.
    private const float Cutoff = -46;

    private const float InverseLn2 = 1.44269504f;

    // ln 2 in two parts; the first has so few bits that its products are exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>
    /// Replaces <paramref name="row"/>, a multiple of 8 long, by its exponentials, writes those of the first <paramref name="kept"/> slots divided
    /// by the sum to <paramref name="target"/>, and raises <paramref name="largest"/> to them, slot by slot.
    /// </summary>
    public static void Apply(Span<float> row, ref float target, int kept, Span<float> largest)
    {
        ref var first = ref row[0];
        var peaks = Vector256.LoadUnsafe(ref first);
        for (var at = 8; at < row.Length; at += 8)
            peaks = Vector256.MaxNative(peaks, Vector256.LoadUnsafe(ref first, (nuint)at));
        var peak = Vector256.Create(Peak(peaks));

        var sums = Vector256<float>.Zero;
        for (var at = 0; at < row.Length; at += 8)
        {
            var value = Exp(Vector256.LoadUnsafe(ref first, (nuint)at) - peak);
            value.StoreUnsafe(ref first, (nuint)at);
            sums += value;
        }

        var sum = Vector256.Create(Vector256.Sum(sums));
        ref var firstLargest = ref largest[0];
        for (var at = 0; at < row.Length; at += 8)
        {
            var probability = Vector256.LoadUnsafe(ref first, (nuint)at) / sum;
            if (at < kept)
                probability.StoreUnsafe(ref target, (nuint)at);
            Vector256.MaxNative(probability, Vector256.LoadUnsafe(ref firstLargest, (nuint)at)).StoreUnsafe(ref firstLargest, (nuint)at);
        }
    }

    /// <summary>exp of values up to 0, accurate to 2 ulp; 0 below the cutoff.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Exp(Vector256<float> x)
    {
        var power = Vector256.Round(x * InverseLn2);
        var rest = Vector256.MultiplyAddEstimate(power, Vector256.Create(-Ln2High), x);
        rest = Vector256.MultiplyAddEstimate(power, Vector256.Create(-Ln2Low), rest);

        // The Taylor series: up to ½ ln 2 its eighth term is below the rounding error.
        var series = Vector256.Create(1f / 5040);
        series = Vector256.MultiplyAddEstimate(series, rest, Vector256.Create(1f / 720));
        series = Vector256.MultiplyAddEstimate(series, rest, Vector256.Create(1f / 120));
        series = Vector256.MultiplyAddEstimate(series, rest, Vector256.Create(1f / 24));
        series = Vector256.MultiplyAddEstimate(series, rest, Vector256.Create(1f / 6));
        series = Vector256.MultiplyAddEstimate(series, rest, Vector256.Create(0.5f));
        series = Vector256.MultiplyAddEstimate(series, rest, Vector256<float>.One);
        series = Vector256.MultiplyAddEstimate(series, rest, Vector256<float>.One);
        var scale = ((Vector256.ConvertToInt32Native(power) + Vector256.Create(127)) << 23).AsSingle();
        return Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(Cutoff)), Vector256<float>.Zero, series * scale);
    }

    private static float Peak(Vector256<float> values)
    {
        var four = Vector128.MaxNative(values.GetLower(), values.GetUpper());
        var two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Math.Max(two[0], two[1]);
    }
}
