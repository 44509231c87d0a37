using System.Numerics;

namespace DeconvNet.Proposals.Ranking;

/// <summary>
/// Integral image over cells of <see cref="Side"/>×<see cref="Side"/> pixels with several interleaved channels.
/// The cells are filled first, then summed in place.
/// </summary>
internal sealed class CellSums(int columns, int rows, int channels) : IDisposable
{
    /// <summary>Side of a cell in pixels.</summary>
    public const int Side = 4;

    private readonly int stride = (columns + 1) * channels;
    private readonly ScratchArray<int> table = ScratchArray<int>.Zeros((columns + 1) * (rows + 1) * channels);

    public int Columns { get; } = columns;

    public int Rows { get; } = rows;

    /// <summary>The channels of a cell, before <see cref="AddUp"/>.</summary>
    public Span<int> Cell(int x, int y) => Corner(x + 1, y + 1);

    /// <summary>Turns the values into sums over all cells to the left and above.</summary>
    public CellSums AddUp()
    {
        var row = new int[channels];
        for (var y = 1; y <= Rows; y++)
        {
            Array.Clear(row);
            for (var x = 1; x <= Columns; x++)
            {
                var above = Corner(x, y - 1);
                var cell = Corner(x, y);
                var i = 0;
                for (; i <= channels - Vector<int>.Count; i += Vector<int>.Count)
                {
                    var sum = new Vector<int>(row, i) + new Vector<int>(cell[i..]);
                    sum.CopyTo(row, i);
                    (sum + new Vector<int>(above[i..])).CopyTo(cell[i..]);
                }

                for (; i < channels; i++)
                    cell[i] = (row[i] += cell[i]) + above[i];
            }
        }

        return this;
    }

    /// <summary>Computes the sum of each channel over a rectangle of cells.</summary>
    public void Sum(CellBox box, Span<int> sums)
    {
        var a = Corner(box.X0, box.Y0);
        var b = Corner(box.X1, box.Y0);
        var c = Corner(box.X0, box.Y1);
        var d = Corner(box.X1, box.Y1);
        var i = 0;
        for (; i <= channels - Vector<int>.Count; i += Vector<int>.Count)
        {
            var sum = new Vector<int>(d[i..]) - new Vector<int>(c[i..]) - new Vector<int>(b[i..]) + new Vector<int>(a[i..]);
            sum.CopyTo(sums[i..]);
        }

        for (; i < channels; i++)
            sums[i] = d[i] - c[i] - b[i] + a[i];
    }

    public void Dispose() => table.Dispose();

    private Span<int> Corner(int x, int y) => table.Array.AsSpan((y * stride) + (x * channels), channels);
}

/// <summary>A half-open rectangle of cells.</summary>
internal readonly record struct CellBox(int X0, int Y0, int X1, int Y1)
{
    public int Count => (X1 - X0) * (Y1 - Y0);
}
