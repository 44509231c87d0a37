using System.Runtime.CompilerServices;
using DeconvNet.Proposals.Edges;

namespace DeconvNet.Proposals.Search;

/// <summary>Lookup tables for scoring, built once per image. Immutable and thread-safe.</summary>
internal sealed class ScoreTables : IDisposable
{
    private readonly ScratchArray<int> labels;
    private readonly ScratchArray<float> groups;
    private readonly ScratchArray<float> strengths;
    private readonly float[] groupSums;
    private readonly float[] edgeSums;
    private readonly float[] norms;

    /// <summary>Builds the tables from edges after non-maximum suppression and the directions across them.</summary>
    public ScoreTables(EdgeMap edgeMap, EdgeMap orientationMap, EdgeBoxesOptions options, CancellationToken cancellationToken)
    {
        var (width, height) = (Width, Height) = (edgeMap.Width, edgeMap.Height);
        using var edgeColumns = edgeMap.ToColumns();
        using var orientationColumns = orientationMap.ToColumns();
        var (edges, orientation) = (edgeColumns.Array, orientationColumns.Array);
        (labels, var count) = EdgeGrouping.Group(edges, orientation, width, height, options, cancellationToken);
        Labels = labels.Array;
        cancellationToken.ThrowIfCancellationRequested();

        (EdgeGroups? measured, LabelRuns? rows, LabelRuns? columns) = (null, null, null);
        (ScratchArray<float>? groupTable, ScratchArray<float>? edgeTable) = (null, null);
        Parallel.Invoke(
            new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken },
            () =>
            {
                measured = EdgeGroups.Measure(edges, orientation, width, height, Labels, count, options.Gamma);
                groupTable = AccumulateGroups(measured.Groups.AsSpan(1));
            },
            () =>
            {
                rows = new LabelRuns(Labels, height, width, lineStep: 1, pixelStep: height);
                columns = new LabelRuns(Labels, width, height, lineStep: height, pixelStep: 1);
                edgeTable = AccumulateEdges(edges, options.EdgeMinMagnitude);
            });
        (Edges, Rows, Columns, groups, strengths) = (measured!, rows!, columns!, groupTable!, edgeTable!);
        (groupSums, edgeSums) = (groups.Array, strengths.Array);

        norms = new float[((width + height) / 2) + 2];
        for (var i = 1; i < norms.Length; i++)
            norms[i] = MathF.Pow(1f / i, options.Kappa);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Group of each pixel, column-major; the array may be longer.</summary>
    public int[] Labels { get; }

    public EdgeGroups Edges { get; }

    public LabelRuns Rows { get; }

    public LabelRuns Columns { get; }

    /// <summary>
    /// The score of a clipped window before groups that cross its border are subtracted: <c>Mass · Norm</c> is an upper bound of its
    /// score, since all later steps only subtract.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (float Mass, float Norm) Bound(Window window)
    {
        var (x0, y0, width, height) = window;
        var (halfWidth, halfHeight) = (width / 2, height / 2);
        var (innerX, innerY) = (x0 + (halfWidth / 2), y0 + (halfHeight / 2));
        var mass = Sum(groupSums, x0, y0, x0 + width, y0 + height);
        mass -= Sum(edgeSums, innerX, innerY, innerX + halfWidth, innerY + halfHeight);
        return (mass, norms[halfWidth + halfHeight]);
    }

    public void Dispose()
    {
        labels.Dispose();
        groups.Dispose();
        strengths.Dispose();
        Rows.Dispose();
        Columns.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Sum(float[] table, int x0, int y0, int x1, int y1)
    {
        var left = x0 * (Height + 1);
        var right = (x1 + 1) * (Height + 1);
        return table[left + y0] + table[right + y1 + 1] - table[right + y0] - table[left + y1 + 1];
    }

    private ScratchArray<float> AccumulateGroups(ReadOnlySpan<EdgeGroup> found)
    {
        using var scratch = ScratchArray<float>.Zeros(Width * Height);
        foreach (var group in found)
            scratch.Array[(group.X * Height) + group.Y] = group.Magnitude;
        return Accumulate(scratch.Array);
    }

    private ScratchArray<float> AccumulateEdges(float[] edges, float minMagnitude)
    {
        using var scratch = new ScratchArray<float>(Width * Height);
        var magnitudes = scratch.Array;
        for (var i = 0; i < Width * Height; i++)
            magnitudes[i] = edges[i] > minMagnitude ? edges[i] : 0;
        return Accumulate(magnitudes);
    }

    /// <summary>
    /// Integral image in float32, column by column, since rounding decides between nearly equal boxes.
    /// The first row and column of the map are ignored, as in the published code.
    /// </summary>
    private ScratchArray<float> Accumulate(float[] map)
    {
        var stride = Height + 1;
        var sums = ScratchArray<float>.Zeros((Width + 1) * stride);
        var table = sums.Array;
        for (var x = 1; x < Width; x++)
        {
            var column = x * stride;
            for (var y = 1; y < Height; y++)
                table[column + stride + y + 1] = map[(x * Height) + y] + table[column + y + 1] + table[column + stride + y] - table[column + y];
        }

        return sums;
    }
}
