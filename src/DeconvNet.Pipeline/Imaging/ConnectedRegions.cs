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
        // A background pixel after each row and a row at either end save all checks for the border of the map.
        var stride = width + 1;
        var height = labels.Length / width;
        using var padded = ScratchArray<byte>.Zeros((stride * (height + 2)) + 1);
        var unseen = padded.Span;
        for (var y = 0; y < height; y++)
            labels.Slice(y * width, width).CopyTo(unseen[(((y + 1) * stride) + 1)..]);
        unseen.Replace(LabelMap.Void, (byte)0);

        ReadOnlySpan<int> neighbors = [-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1];
        found = new ScratchArray<int>(labels.Length);
        pixels = found.Array;
        var (start, count) = (0, 0);
        while (unseen[start..].IndexOfAnyExcept((byte)0) is >= 0 and var distance)
        {
            start += distance;
            var label = unseen[start];
            unseen[start] = 0;

            // The pixels found so far also serve as the queue of pixels whose neighbors are still to be visited.
            pixels[count] = start;
            for (var end = count + 1; count < end; count++)
            {
                var place = pixels[count];
                foreach (var step in neighbors)
                {
                    if (unseen[place + step] != label)
                        continue;
                    unseen[place + step] = 0;
                    pixels[end++] = place + step;
                }

                pixels[count] = place - stride - (place / stride);
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
