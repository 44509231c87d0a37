using System.Numerics;
using System.Runtime.InteropServices;

namespace DeconvNet.Proposals.Search;

/// <summary>
/// Windows of similar area in structure-of-arrays form, so that one window is compared with many at once. Sides are continuous lengths, as published.
/// </summary>
internal sealed class KeptWindows
{
    private float[] left = new float[64];
    private float[] top = new float[64];
    private float[] right = new float[64];
    private float[] bottom = new float[64];
    private float[] area = new float[64];
    private int count;

    public void Add(Window window)
    {
        if (count == left.Length)
        {
            Array.Resize(ref left, 2 * count);
            Array.Resize(ref top, 2 * count);
            Array.Resize(ref right, 2 * count);
            Array.Resize(ref bottom, 2 * count);
            Array.Resize(ref area, 2 * count);
        }

        (left[count], top[count]) = (window.X, window.Y);
        (right[count], bottom[count]) = (window.X + window.Width, window.Y + window.Height);
        area[count++] = window.Area;
    }

    /// <summary>Whether the intersection over union with any window here is above <paramref name="threshold"/>.</summary>
    /// <remarks>Coordinates are integers below 2²⁴, so floats are exact; the unused end of the arrays holds empty windows, which overlap nothing.</remarks>
    public bool Overlap(Window window, float threshold)
    {
        var (x0, y0) = (new Vector<float>(window.X), new Vector<float>(window.Y));
        var (x1, y1) = (new Vector<float>(window.X + window.Width), new Vector<float>(window.Y + window.Height));
        var (own, limit) = (new Vector<float>(window.Area), new Vector<float>(threshold));
        ref var lefts = ref MemoryMarshal.GetArrayDataReference(left);
        ref var tops = ref MemoryMarshal.GetArrayDataReference(top);
        ref var rights = ref MemoryMarshal.GetArrayDataReference(right);
        ref var bottoms = ref MemoryMarshal.GetArrayDataReference(bottom);
        ref var areas = ref MemoryMarshal.GetArrayDataReference(area);
        for (var i = 0; i < count; i += Vector<float>.Count)
        {
            var width = Vector.Min(x1, Vector.LoadUnsafe(ref rights, (nuint)i)) - Vector.Max(x0, Vector.LoadUnsafe(ref lefts, (nuint)i));
            var height = Vector.Min(y1, Vector.LoadUnsafe(ref bottoms, (nuint)i)) - Vector.Max(y0, Vector.LoadUnsafe(ref tops, (nuint)i));
            var shared = Vector.Max(width, Vector<float>.Zero) * Vector.Max(height, Vector<float>.Zero);
            var union = own + Vector.LoadUnsafe(ref areas, (nuint)i) - shared;
            if (Vector.GreaterThanAny(shared / union, limit))
                return true;
        }

        return false;
    }
}
