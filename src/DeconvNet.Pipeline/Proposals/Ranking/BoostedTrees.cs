using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeconvNet.Proposals.Ranking;

/// <summary>A sum of small regression trees. Immutable and thread-safe.</summary>
/// <param name="featureCount">Number of features per row.</param>
/// <param name="start">The initial value of the sum.</param>
/// <param name="trees">The trees, each with its root at 0; siblings are adjacent and come after their parent.</param>
internal sealed class BoostedTrees(int featureCount, float start, TreeNode[][] trees)
{
    public int FeatureCount { get; } = featureCount;

    public float Start { get; } = start;

    public IReadOnlyList<TreeNode[]> Trees => trees;

    /// <summary>Predicts a value for each row of features.</summary>
    public void Predict(ReadOnlySpan<float> rows, Span<float> values)
    {
        values.Fill(Start);
        foreach (var tree in trees)
        {
            ref var root = ref MemoryMarshal.GetArrayDataReference(tree);
            for (var i = 0; i < values.Length; i++)
            {
                // Feature indices are validated when trees are created.
                ref var row = ref MemoryMarshal.GetReference(rows.Slice(i * FeatureCount, FeatureCount));
                ref var node = ref root;
                while (node.Feature >= 0)
                    node = ref Unsafe.Add(ref root, node.Left + (Unsafe.Add(ref row, node.Feature) > node.Value ? 1 : 0));
                values[i] += node.Value;
            }
        }
    }
}

/// <summary>
/// An inner node sends rows whose feature is above <paramref name="Value"/> to the node after <paramref name="Left"/>, others (and NaN) to
/// <paramref name="Left"/>; a leaf (<paramref name="Feature"/> −1) adds its value.
/// </summary>
internal readonly record struct TreeNode(short Feature, short Left, float Value);
