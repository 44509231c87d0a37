using System.Text;

namespace DeconvNet.Proposals.Ranking;

/// <summary>
/// The file of a <see cref="BoostedTrees"/>, little-endian: the letters <c>DNRANK1</c> and a line feed, number of features, number of trees, start
/// value; then a tree: number of nodes, and a node: feature (int16), left child (int16), value (float32).
/// </summary>
internal static class BoostedTreesFile
{
    private const int MaxTrees = 10_000;
    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("DNRANK1\n");

    public static void Write(BoostedTrees trees, Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(trees.FeatureCount);
        writer.Write(trees.Trees.Count);
        writer.Write(trees.Start);
        foreach (var tree in trees.Trees)
        {
            writer.Write(tree.Length);
            foreach (var node in tree)
            {
                writer.Write(node.Feature);
                writer.Write(node.Left);
                writer.Write(node.Value);
            }
        }
    }

    /// <exception cref="InvalidDataException">The file is not of this format, is truncated, or has a different number of features.</exception>
    public static BoostedTrees Read(Stream stream, string name)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic))
                throw new InvalidDataException($"{name} is not a proposal ranker: it does not begin with DNRANK1.");

            var features = reader.ReadInt32();
            if (features != BoxFeatures.Count)
                throw new InvalidDataException($"{name} was trained on {features} features of a box; this version measures {BoxFeatures.Count}. Train it anew.");

            var count = reader.ReadInt32();
            if (count is < 0 or > MaxTrees)
                throw new InvalidDataException($"{name} claims {count} trees; expected 0 to {MaxTrees}.");

            var start = Finite(reader, name);
            var trees = new TreeNode[count][];
            for (var i = 0; i < count; i++)
                trees[i] = ReadTree(reader, features, name, i);
            return stream.ReadByte() < 0 ? new BoostedTrees(features, start, trees) : throw new InvalidDataException($"{name} continues after its last tree.");
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException($"{name} is cut off.");
        }
    }

    private static TreeNode[] ReadTree(BinaryReader reader, int features, string name, int tree)
    {
        var count = reader.ReadInt32();
        if (count is < 1 or > short.MaxValue)
            throw new InvalidDataException($"Tree {tree} of {name} has {count} nodes; expected 1 to {short.MaxValue}.");

        var nodes = new TreeNode[count];
        for (var i = 0; i < count; i++)
        {
            var node = nodes[i] = new TreeNode(reader.ReadInt16(), reader.ReadInt16(), Finite(reader, name));

            // Children come after their parent, so every path ends.
            if (node.Feature < -1 || node.Feature >= features || (node.Feature >= 0 && (node.Left <= i || node.Left + 1 >= count)))
                throw new InvalidDataException($"Node {i} of tree {tree} of {name} reads feature {node.Feature} and leads to node {node.Left}; there are {features} features and {count} nodes.");
        }

        return nodes;
    }

    private static float Finite(BinaryReader reader, string name) =>
        reader.ReadSingle() is var value && float.IsFinite(value) ? value : throw new InvalidDataException($"{name} holds the value {value.ToString(System.Globalization.CultureInfo.InvariantCulture)}; expected a finite number.");
}
