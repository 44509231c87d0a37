using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeconvNet.Imaging.Resampling;

namespace DeconvNet.Proposals.Edges;

/// <summary>Smoothing with the same symmetric kernel along x, then along y.</summary>
internal static class SymmetricFilter
{
    /// <summary>Half of a triangle: weight <c>(r + 1 − k) · unit</c> at distance k = 0 … r.</summary>
    public static T[] Triangle<T>(int radius, T unit)
        where T : struct, INumber<T>
        => [.. Enumerable.Range(0, radius + 1).Select(k => T.CreateChecked(radius + 1 - k) * unit)];

    /// <summary>Filters a row-major map; <paramref name="half"/> holds the weights at distance 0, 1, …, <paramref name="border"/> is one of <see cref="Border"/>.</summary>
    public static void Apply<T>(ReadOnlySpan<T> source, int width, int height, T[] half, Func<int, int, int> border, Span<T> result)
        where T : unmanaged, INumber<T>
    {
        var radius = half.Length - 1;
        var before = new int[radius + 1];
        var after = new int[radius + 1];

        using var scratch = new ScratchArray<T>(source.Length);
        var wide = scratch.Array;
        var padded = new T[width + (2 * radius)];
        for (var k = 0; k <= radius; k++)
            (before[k], after[k]) = (radius - k, radius + k);

        for (var y = 0; y < height; y++)
        {
            var row = source.Slice(y * width, width);
            row.CopyTo(padded.AsSpan(radius));
            for (var k = 1; k <= radius; k++)
            {
                padded[radius - k] = row[border(-k, width)];
                padded[radius + width - 1 + k] = row[border(width - 1 + k, width)];
            }

            Line(padded, before, after, half, wide.AsSpan(y * width, width));
        }

        for (var y = 0; y < height; y++)
        {
            for (var k = 0; k <= radius; k++)
                (before[k], after[k]) = (border(y - k, height) * width, border(y + k, height) * width);

            Line(wide, before, after, half, result.Slice(y * width, width));
        }
    }

    /// <summary><c>result[i] = half[0] · source[before[0] + i] + Σ half[k] · (source[before[k] + i] + source[after[k] + i])</c>.</summary>
    private static void Line<T>(T[] source, int[] before, int[] after, T[] half, Span<T> result)
        where T : struct, INumber<T>
    {
        ref var from = ref MemoryMarshal.GetArrayDataReference(source);
        ref var to = ref MemoryMarshal.GetReference(result);
        var i = 0;
        for (; i <= result.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var sum = Vector.LoadUnsafe(ref from, (nuint)(before[0] + i)) * half[0];
            for (var k = 1; k < half.Length; k++)
                sum += (Vector.LoadUnsafe(ref from, (nuint)(before[k] + i)) + Vector.LoadUnsafe(ref from, (nuint)(after[k] + i))) * half[k];
            sum.StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < result.Length; i++)
        {
            var sum = source[before[0] + i] * half[0];
            for (var k = 1; k < half.Length; k++)
                sum += (source[before[k] + i] + source[after[k] + i]) * half[k];
            Unsafe.Add(ref to, i) = sum;
        }
    }
}
