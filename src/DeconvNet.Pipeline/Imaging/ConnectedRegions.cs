namespace DeconvNet.Imaging;

/// <summary>The connected regions (8-connectivity) of each class in a label map. Background and void are skipped.</summary>
internal sealed class ConnectedRegions : IDisposable
{
    private readonly ScratchArray<int> found;
    private readonly int[] pixels;
    private readonly List<int> ends = [];

    /// <param name="labels">Class ids, row-major.</param>
    /// <param name="width">Width of the map in pixels.</param>
    public ConnectedRegions(ReadOnlySpan<byte> labels, int width)
    {
        var height = labels.Length / width;
        using var visited = ScratchArray<bool>.Zeros(labels.Length);
        var seen = visited.Array;
        found = new ScratchArray<int>(labels.Length);
        pixels = found.Array;
        var count = 0;
        for (var start = 0; start < labels.Length; start++)
        {
            if (seen[start] || labels[start] is 0 or LabelMap.Void)
                continue;

            // The pixels found so far also serve as the queue of pixels whose neighbors are still to be visited.
            seen[start] = true;
            pixels[count] = start;
            for (var (next, end) = (count, count + 1); ; next++)
            {
                if (next == end)
                {
                    count = end;
                    break;
                }

                var (x, y) = (pixels[next] % width, pixels[next] / width);
                for (var ny = Math.Max(y - 1, 0); ny <= Math.Min(y + 1, height - 1); ny++)
                {
                    for (var nx = Math.Max(x - 1, 0); nx <= Math.Min(x + 1, width - 1); nx++)
                    {
                        var neighbor = (ny * width) + nx;
                        if (seen[neighbor] || labels[neighbor] != labels[start])
                            continue;
                        seen[neighbor] = true;
                        pixels[end++] = neighbor;
                    }
                }
            }

            ends.Add(count);
        }
    }

    public void Dispose() => found.Dispose();

    /// <summary>Number of regions.</summary>
    public int Count => ends.Count;

    /// <summary>Indices of the pixels of a region in the row-major map. Regions are numbered in the order of their first pixel.</summary>
    public ReadOnlySpan<int> this[int region] => pixels.AsSpan((region == 0 ? 0 : ends[region - 1])..ends[region]);
}
