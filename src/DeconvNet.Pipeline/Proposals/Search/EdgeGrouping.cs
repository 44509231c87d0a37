namespace DeconvNet.Proposals.Search;

/// <summary>
/// Groups edge pixels of low curvature: best neighbor first, until the direction has turned by
/// <see cref="EdgeBoxesOptions.EdgeMergeThreshold"/> (Edge Boxes, section 3.1). All arrays are column-major, since the scan
/// order determines group numbers and ties.
/// </summary>
internal sealed class EdgeGrouping
{
    private const int NoEdge = -1;
    private const int Free = 0;

    private readonly float[] edges;
    private readonly float[] orientation;
    private readonly int height;
    private readonly int pixels;
    private readonly int[] labels;
    private readonly int[] neighbors;
    private readonly CancellationToken cancellationToken;

    private EdgeGrouping(float[] edges, float[] orientation, int[] labels, int width, int height, float minMagnitude, CancellationToken cancellationToken)
    {
        this.edges = edges;
        this.orientation = orientation;
        this.height = height;
        this.cancellationToken = cancellationToken;
        neighbors = [-height - 1, -height, -height + 1, -1, 1, height - 1, height, height + 1];
        pixels = width * height;
        this.labels = labels;
        labels.AsSpan(0, pixels).Fill(NoEdge);

        // Border pixels are never edges, so neighbors need no bounds check.
        for (var x = 1; x < width - 1; x++)
        {
            for (var i = (x * height) + 1; i < ((x + 1) * height) - 1; i++)
            {
                if (edges[i] > minMagnitude)
                    labels[i] = Free;
            }
        }
    }

    /// <summary>Labels every pixel: 1 … <c>Count</c> for a group, 0 or less for none.</summary>
    public static (ScratchArray<int> Labels, int Count) Group(
        float[] edges, float[] orientation, int width, int height, EdgeBoxesOptions options, CancellationToken cancellationToken)
    {
        var labels = new ScratchArray<int>(width * height);
        var grouping = new EdgeGrouping(edges, orientation, labels.Array, width, height, options.EdgeMinMagnitude, cancellationToken);
        var grown = grouping.Grow(options.EdgeMergeThreshold);
        grouping.Dissolve(grown, options.ClusterMinMagnitude);
        grouping.Adopt();
        return (labels, grouping.Renumber(grown));
    }

    private int Grow(float threshold)
    {
        var group = 0;
        using var seen = ScratchArray<int>.Zeros(pixels);
        var seenBy = seen.Array;
        var candidates = new PriorityQueue<int, ulong>();
        for (var start = 0; start < pixels; start++)
        {
            if (labels[start] != Free)
                continue;

            if ((++group & 0xff) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            candidates.Clear();
            var current = start;
            var turned = 0f;
            var order = 0u;
            while (turned < threshold)
            {
                labels[current] = group;
                seenBy[current] = group;
                foreach (var step in neighbors)
                {
                    var other = current + step;
                    if (labels[other] != Free || seenBy[other] == group)
                        continue;

                    // Non-negative floats order like their bits: smallest turn first, then first found.
                    seenBy[other] = group;
                    candidates.Enqueue(other, ((ulong)BitConverter.SingleToUInt32Bits(Turn(current, other)) << 32) | order++);
                }

                if (!candidates.TryDequeue(out current, out var key))
                    break;
                turned += BitConverter.UInt32BitsToSingle((uint)(key >> 32));
            }
        }

        return group;
    }

    private void Dissolve(int groups, float minMagnitude)
    {
        var sums = Sums(groups);
        for (var i = 0; i < pixels; i++)
        {
            if (labels[i] > 0 && sums[labels[i]] <= minMagnitude)
                labels[i] = Free;
        }
    }

    /// <summary>Ungrouped pixels join the neighbor with the closest direction, in sweeps, in place.</summary>
    private void Adopt()
    {
        var free = new List<int>();
        for (var i = 0; i < pixels; i++)
        {
            if (labels[i] == Free)
                free.Add(i);
        }

        for (var before = -1; before != free.Count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            before = free.Count;
            free.RemoveAll(pixel => (labels[pixel] = ClosestNeighbor(pixel)) != Free);
        }
    }

    private int ClosestNeighbor(int pixel)
    {
        var closest = Free;
        var min = float.MaxValue;
        foreach (var step in neighbors)
        {
            var label = labels[pixel + step];
            if (label > 0 && Turn(pixel, pixel + step) is var turn && turn < min)
                (closest, min) = (label, turn);
        }

        return closest;
    }

    private int Renumber(int groups)
    {
        var sums = Sums(groups);
        var number = new int[groups + 1];
        var count = 0;
        for (var group = 1; group <= groups; group++)
        {
            if (sums[group] > 0)
                number[group] = ++count;
        }

        for (var i = 0; i < pixels; i++)
        {
            if (labels[i] > 0)
                labels[i] = number[labels[i]];
        }

        return count;
    }

    private float[] Sums(int groups)
    {
        var sums = new float[groups + 1];
        for (var i = 0; i < pixels; i++)
        {
            if (labels[i] > 0)
                sums[labels[i]] += edges[i];
        }

        return sums;
    }

    /// <summary>Difference of two directions in half turns, 0 … 0.5.</summary>
    private float Turn(int a, int b)
    {
        var turn = MathF.Abs(orientation[b] - orientation[a]) / MathF.PI;
        return turn > 0.5f ? 1 - turn : turn;
    }
}
