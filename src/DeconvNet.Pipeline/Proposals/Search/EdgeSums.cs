using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DeconvNet.Proposals.Edges;

namespace DeconvNet.Proposals.Search;

/// <summary>
/// Integral image of edge strengths in four orientations, in integer units of 1/64 so that sums are exact.
/// Lane 0 holds vertical edges, lane 2 horizontal ones, lanes 1 and 3 the diagonals.
/// </summary>
internal sealed class EdgeSums : IDisposable
{
    private const float Unit = 64;
    private readonly ScratchArray<Vector128<int>> sums;
    private readonly Vector128<int>[] table;

    public EdgeSums(EdgeMap edges, EdgeMap orientation, float minMagnitude)
    {
        (Width, Height) = (edges.Width, edges.Height);
        var stride = Width + 1;
        sums = new ScratchArray<Vector128<int>>(stride * (Height + 1));
        table = sums.Array;
        Array.Clear(table, 0, stride);
        Span<int> lanes = stackalloc int[4];
        for (var y = 0; y < Height; y++)
        {
            var row = table[(y + 1) * stride] = Vector128<int>.Zero;
            for (var x = 0; x < Width; x++)
            {
                var strength = edges.Values[(y * Width) + x];
                if (strength > minMagnitude)
                {
                    var lane = (int)MathF.Round(orientation.Values[(y * Width) + x] * (4 / MathF.PI)) & 3;
                    lanes.Clear();
                    lanes[lane] = (int)(strength * Unit);
                    row += Vector128.Create<int>(lanes);
                }

                table[((y + 1) * stride) + x + 1] = table[(y * stride) + x + 1] + row;
            }
        }
    }

    public int Width { get; }

    public int Height { get; }

    public void Dispose() => sums.Dispose();

    /// <summary>The sums over columns x0 … x1 − 1 and rows y0 … y1 − 1, clipped to the image.</summary>
    public Vector128<int> Sum(int x0, int y0, int x1, int y1)
    {
        (x0, x1) = (Math.Clamp(x0, 0, Width), Math.Clamp(x1, 0, Width));
        (y0, y1) = (Math.Clamp(y0, 0, Height), Math.Clamp(y1, 0, Height));
        return At(x1, y1) - At(x0, y1) - At(x1, y0) + At(x0, y0);
    }

    /// <summary>Sum of all pixels left of and above a corner, 0 … Width and 0 … Height.</summary>
    public Vector128<int> At(int x, int y) =>
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(table), (y * (Width + 1)) + x);
}
