namespace DeconvNet.Imaging;

/// <summary>The connected regions (8-connectivity) of each class in a label map. Background and void are skipped.</summary>
internal sealed class ConnectedRegions
{
    private readonly int[] pixels;
    private readonly List<int> ends = [];

    /// <param name="labels">Class ids, row-major.</param>
    /// <param name="width">Width of the map in pixels.</param>
    public ConnectedRegions(ReadOnlySpan<byte> labels, int width)
    {
        var height = labels.Length / width;
        var seen = new bool[labels.Length];
        pixels = new int[labels.Length];
        var found = 0;
        for (var start = 0; start < labels.Length; start++)
        {
            if (seen[start] || labels[start] is 0 or LabelMap.Void)
                continue;

            // The pixels found so far also serve as the queue of pixels whose neighbors are still to be visited.
            seen[start] = true;
            pixels[found] = start;
            for (var (next, end) = (found, found + 1); ; next++)
            {
                if (next == end)
                {
                    found = end;
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

            ends.Add(found);
        }
    }

    /// <summary>Number of regions.</summary>
    public int Count => ends.Count;

    /// <summary>Indices of the pixels of a region in the row-major map. Regions are numbered in the order of their first pixel.</summary>
    public ReadOnlySpan<int> this[int region] => pixels.AsSpan((region == 0 ? 0 : ends[region - 1])..ends[region]);
}
