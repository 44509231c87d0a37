namespace DeconvNet.Proposals.Forest;

/// <summary>Reads features of a patch from the channels of an image.</summary>
internal sealed class FeatureReader
{
    private readonly float[] regular;
    private readonly float[] selfSimilarity;
    private readonly int regularFeatures;
    private readonly int width;

    // Offsets from the upper left pixel of a patch in the first channel.
    private readonly int[] first;
    private readonly int[] second;

    public FeatureReader(ForestShape shape, ForestFeatures features)
    {
        regular = [.. features.Regular.Planes.SelectMany(plane => plane)];
        selfSimilarity = [.. features.SelfSimilarity.Planes.SelectMany(plane => plane)];
        regularFeatures = shape.RegularFeatures;
        width = features.Regular.Width;
        first = new int[shape.Features];
        second = new int[shape.Features];
        var pixels = width * features.Regular.Height;
        var side = shape.FeatureSide;
        for (var f = 0; f < regularFeatures; f++)
        {
            var place = f % (side * side);
            first[f] = (f / (side * side) * pixels) + (place % side * width) + (place / side);
        }

        var pairs = Pairs(shape);
        for (var f = regularFeatures; f < shape.Features; f++)
        {
            var (a, b) = pairs[(f - regularFeatures) % pairs.Length];
            var plane = (f - regularFeatures) / pairs.Length * pixels;
            (first[f], second[f]) = (plane + a, plane + b);
        }
    }

    /// <summary>Index of a patch's upper left pixel.</summary>
    public int Origin(int row, int column) => (row * width) + column;

    public float Value(int feature, int origin) => feature < regularFeatures
        ? regular[origin + first[feature]]
        : selfSimilarity[origin + first[feature]] - selfSimilarity[origin + second[feature]];

    /// <summary>The pairs of grid cells, each cell as the offset of its center from the patch's corner.</summary>
    private (int A, int B)[] Pairs(ForestShape shape)
    {
        var (grid, side) = (shape.SelfsimilarityGridSize, shape.FeatureSide);
        var reach = (int)Math.Round((double)side / (2 * grid), MidpointRounding.ToEven);
        var cells = new int[grid * grid];
        for (var cell = 0; cell < cells.Length; cell++)
            cells[cell] = (Place(cell % grid) * width) + Place(cell / grid);

        return [.. from a in Enumerable.Range(0, cells.Length)
                   from b in Enumerable.Range(a + 1, cells.Length - a - 1)
                   select (cells[a], cells[b])];

        int Place(int i) => Math.Clamp((int)Math.Floor(((i + 1.0) * (side + (2 * reach) - 1) / (grid + 1)) - reach + 0.5), 0, side - 1);
    }
}
