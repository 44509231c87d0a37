using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

/// <summary>
/// Validates unpooling indices in a single pass: whether all are in range, whether any occurs twice in a plane, and which duplicate is the last.
/// </summary>
/// <remarks>
/// libtorch has no scatter with a defined winner; its kernels write duplicate indices in thread order.
/// A scan from the end with one bit per output position answers all three questions at the cost of reading the indices.
/// </remarks>
internal static class MaxUnpool2dIndices
{
    /// <summary>Finds the values that remain if duplicate indices are written in row-major order.</summary>
    /// <param name="indices">int64 <c>[…, H, W]</c>, on any device.</param>
    /// <param name="places">Number of positions in a plane of the output.</param>
    /// <returns>A mask of the shape and on the device of <paramref name="indices"/>, or null if no index occurs twice, so all values remain.</returns>
    /// <exception cref="ArgumentException">An index is below zero or not below <paramref name="places"/>.</exception>
    public static unsafe Tensor? Winners(Tensor indices, long places)
    {
        if (indices.NumberOfElements == 0)
            return null;

        using var onHost = indices.cpu();
        using var host = onHost.contiguous();
        using var mask = empty(indices.shape, ScalarType.Bool);
        var source = (long*)Address(host);
        var winners = (bool*)Address(mask);
        var length = (int)(indices.shape[^2] * indices.shape[^1]);
        var repeats = 0;
        var bad = long.MaxValue;
        var gate = new Lock();
        Parallel.For(
            0L,
            indices.NumberOfElements / length,
            () => new ulong[(places + 63) / 64],
            (plane, _, taken) =>
            {
                Array.Clear(taken);
                var start = plane * length;
                switch (ScanPlane(new(source + start, length), new(winners + start, length), taken, places))
                {
                    case PlaneState.Repeats:
                        Volatile.Write(ref repeats, 1);
                        break;
                    case PlaneState.OutOfRange:
                        lock (gate)
                            bad = Math.Min(bad, plane);
                        break;
                }

                return taken;
            },
            _ => { });

        if (bad != long.MaxValue)
            throw OutOfRange(new(source + (bad * length), length), bad, indices.shape, places);

        return repeats == 0 ? null : mask.to(indices.device, copy: true);
    }

    private enum PlaneState
    {
        Unique,
        Repeats,
        OutOfRange,
    }

    private static PlaneState ScanPlane(ReadOnlySpan<long> indices, Span<bool> winners, Span<ulong> taken, long places)
    {
        var state = PlaneState.Unique;
        for (var i = indices.Length - 1; i >= 0; i--)
        {
            var index = indices[i];
            if ((ulong)index >= (ulong)places)
                return PlaneState.OutOfRange;

            ref var word = ref taken[(int)(index >> 6)];
            var bit = 1UL << (int)(index & 63);
            var free = (word & bit) == 0;
            word |= bit;
            winners[i] = free;
            if (!free)
                state = PlaneState.Repeats;
        }

        return state;
    }

    private static ArgumentException OutOfRange(ReadOnlySpan<long> indices, long plane, long[] shape, long places)
    {
        var at = 0;
        while ((ulong)indices[at] < (ulong)places)
            at++;

        var position = $"{(shape.Length == 4 ? $"{plane / shape[1]}, {plane % shape[1]}" : plane)}, {at / shape[^1]}, {at % shape[^1]}";
        return new ArgumentException($"The index at [{position}] is {indices[at]}; the output plane has places 0 to {places - 1}.", nameof(indices));
    }

    // A reference to the first element, since a tensor may be larger than the 2 GB limit of a span.
    private static unsafe void* Address(Tensor contiguous)
    {
        using var flat = contiguous.view(-1);
        using var first = flat.narrow(0, 0, 1);
        return Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}
