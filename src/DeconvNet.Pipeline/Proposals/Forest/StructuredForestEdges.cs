using DeconvNet.Imaging;
using DeconvNet.Proposals.Edges;

namespace DeconvNet.Proposals.Forest;

/// <summary>
/// Edges predicted by a <see cref="StructuredForest"/>, like OpenCV's <c>StructuredEdgeDetection.detectEdges</c>: each patch is passed down some of the trees,
/// whose leaves vote on the pixels of its inner part.
/// </summary>
/// <remarks>
/// Thread-safe; the result does not depend on the number of threads. Pixels near the border get fewer votes, as in OpenCV.
/// </remarks>
public sealed class StructuredForestEdges : IEdgeDetector
{
    private readonly StructuredForest forest;

    /// <summary>Creates a detector.</summary>
    /// <param name="forest">The trees.</param>
    public StructuredForestEdges(StructuredForest forest)
    {
        ArgumentNullException.ThrowIfNull(forest);
        this.forest = forest;
    }

    /// <summary>Everything that determines the edges, as text.</summary>
    public override string ToString() => $"StructuredForestEdges {{ {forest} }}";

    /// <inheritdoc/>
    public EdgeMap Detect(RgbImage image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        cancellationToken.ThrowIfCancellationRequested();
        var votes = Vote(image, ForestFeatures.Of(image, forest.Shape), cancellationToken);
        var shape = forest.Shape;
        var weight = 2f * shape.Stride * shape.Stride / (shape.PatchInnerSize * shape.PatchInnerSize) / shape.NumberOfTreesToEvaluate;
        var edges = new float[votes.Length];
        for (var i = 0; i < edges.Length; i++)
            edges[i] = votes[i] * weight;
        return new EdgeMap(image.Width, image.Height, new FloatPlanes(image.Width, image.Height, [edges]).Smoothed(1).Planes[0]);
    }

    /// <summary>Counts the votes for each pixel, in integers so that the order in which threads add them does not matter.</summary>
    private int[] Vote(RgbImage image, ForestFeatures features, CancellationToken cancellationToken)
    {
        var shape = forest.Shape;
        var (width, height) = (features.Regular.Width, features.Regular.Height);
        var rows = Patches(height, shape);
        var columns = Patches(width, shape);
        var votes = new int[image.Width * image.Height];
        if (rows <= 0 || columns <= 0)
            return votes;

        var reader = new FeatureReader(shape, features);
        Parallel.For(
            0,
            rows,
            new ParallelOptions { CancellationToken = cancellationToken },
            () => new int[votes.Length],
            (i, _, own) =>
            {
                for (var j = 0; j < columns; j++)
                    VoteOfPatch(i, j, reader, own, image.Width, image.Height);
                return own;
            },
            own =>
            {
                lock (votes)
                {
                    for (var i = 0; i < votes.Length; i++)
                        votes[i] += own[i];
                }
            });
        return votes;
    }

    private static int Patches(int size, ForestShape shape) =>
        (int)Math.Ceiling((double)((size * shape.ShrinkNumber) - shape.PatchSize) / shape.Stride);

    private void VoteOfPatch(int i, int j, FeatureReader reader, int[] votes, int width, int height)
    {
        var shape = forest.Shape;
        var inner = shape.PatchInnerSize;
        var (top, left) = (i * shape.Stride, j * shape.Stride);
        var origin = reader.Origin(top / shape.ShrinkNumber, left / shape.ShrinkNumber);
        var first = (i + j) % (2 * shape.NumberOfTreesToEvaluate);
        for (var k = 0; k < shape.NumberOfTreesToEvaluate; k++)
        {
            var leaf = Leaf((first + k) % shape.NumberOfTrees, origin, reader);
            foreach (var bin in forest.Bins.AsSpan(leaf.FirstBin..leaf.EndBin))
            {
                var (x, y) = (left + (bin / inner), top + (bin % inner));
                if (x < width && y < height)
                    votes[(y * width) + x]++;
            }
        }
    }

    private ForestNode Leaf(int tree, int origin, FeatureReader reader)
    {
        var nodes = forest.Nodes.AsSpan(tree * forest.NodesPerTree, forest.NodesPerTree);
        var node = nodes[0];
        while (node.Child > 0)
            node = nodes[reader.Value(node.Feature, origin) < node.Threshold ? node.Child : node.Child + 1];
        return node;
    }
}
