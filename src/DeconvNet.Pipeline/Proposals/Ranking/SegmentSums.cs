using System.Numerics;

namespace DeconvNet.Proposals.Ranking;

/// <summary>Superpixel straddling (Alexe et al., PAMI 2012): how far a box cuts through regions of similar color instead of containing or excluding them.</summary>
internal sealed class SegmentSums : IDisposable
{
    // Only the largest regions are used; the others are too small to matter.
    private const int Regions = 128;
    private const int PixelsPerCell = CellSums.Side / 2;

    private readonly CellSums sums;
    private readonly int[] totals = new int[Regions];

    public SegmentSums(ReadOnlySpan<int> labels, int width, int height)
    {
        var (columns, rows) = ((width + PixelsPerCell - 1) / PixelsPerCell, (height + PixelsPerCell - 1) / PixelsPerCell);
        sums = new CellSums(columns, rows, Regions);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var label = labels[(y * width) + x];
                if (label >= Regions)
                    continue;

                totals[label]++;
                sums.Cell(x / PixelsPerCell, y / PixelsPerCell)[label]++;
            }
        }

        sums.AddUp();
    }

    public void Dispose() => sums.Dispose();

    /// <summary>Fraction of the box's area in regions that straddle its border, each counted with its smaller part.</summary>
    public float Straddling(CellBox box)
    {
        Span<int> inside = stackalloc int[Regions];
        sums.Sum(box, inside);
        var cut = Vector<int>.Zero;
        for (var i = 0; i < Regions; i += Vector<int>.Count)
        {
            var held = new Vector<int>(inside[i..]);
            cut += Vector.Min(held, new Vector<int>(totals, i) - held);
        }

        return (float)Vector.Sum(cut) / (box.Count * PixelsPerCell * PixelsPerCell);
    }
}
