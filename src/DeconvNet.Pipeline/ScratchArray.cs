using System.Buffers;

namespace DeconvNet;

/// <summary>Working memory from the shared pool, so that a photo does not leave tens of megabytes for the garbage collector.</summary>
/// <remarks>Dispose it once, when no thread uses it anymore.</remarks>
/// <param name="length">Number of elements.</param>
internal sealed class ScratchArray<T>(int length) : IDisposable
    where T : unmanaged
{
    /// <summary>The array, which may be longer than asked for; its contents are arbitrary at first.</summary>
    public T[] Array { get; } = ArrayPool<T>.Shared.Rent(length);

    /// <summary>The elements.</summary>
    public Span<T> Span => Array.AsSpan(0, length);

    /// <summary>An array of zeros.</summary>
    public static ScratchArray<T> Zeros(int length)
    {
        var zeros = new ScratchArray<T>(length);
        zeros.Span.Clear();
        return zeros;
    }

    public void Dispose() => ArrayPool<T>.Shared.Return(Array);
}
