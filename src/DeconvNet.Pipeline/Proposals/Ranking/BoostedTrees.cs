using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeconvNet.Proposals.Ranking;

/// <summary>A sum of small regression trees. Immutable and thread-safe.</summary>
/// <param name="featureCount">Number of features per row.</param>
/// <param name="start">The initial value of the sum.</param>
/// <param name="trees">The trees, each with its root at 0; siblings are adjacent and come after their parent.</param>
internal sealed class BoostedTrees(int featureCount, float start, TreeNode[][] trees)
{
    // The features of so many rows fit into the nearest cache.
    private const int RowsAtOnce = 64;

    private readonly Lazy<Descent[]> descents = new(() => Array.ConvertAll(trees, tree => new Descent(tree)));

    public int FeatureCount { get; } = featureCount;

    public float Start { get; } = start;

    public IReadOnlyList<TreeNode[]> Trees => trees;

    /// <summary>Predicts a value for each row of features.</summary>
    public void Predict(ReadOnlySpan<float> rows, Span<float> values)
    {
        values.Fill(Start);
        for (var from = 0; from < values.Length; from += RowsAtOnce)
        {
            var part = values[from..Math.Min(from + RowsAtOnce, values.Length)];
            foreach (var descent in descents.Value)
                descent.AddTo(part, rows.Slice(from * FeatureCount, part.Length * FeatureCount), FeatureCount);
        }
    }

    /// <summary>
    /// A tree in which every path has the same length, since its leaves lead to themselves: rows descend side by side without a branch, so that no step waits
    /// for the last one.
    /// </summary>
    private sealed class Descent
    {
        private readonly TreeNode[] steps;
        private readonly float[] values;
        private readonly int length;

        public Descent(TreeNode[] tree)
        {
            (steps, values) = (new TreeNode[tree.Length], new float[tree.Length]);
            var depths = new int[tree.Length];
            for (var i = 0; i < tree.Length; i++)
            {
                var node = tree[i];
                if (node.Feature < 0)
                {
                    (steps[i], values[i]) = (new TreeNode(0, (short)i, float.PositiveInfinity), node.Value);
                    length = Math.Max(length, depths[i]);
                }
                else
                {
                    steps[i] = node;
                    depths[node.Left] = Math.Max(depths[node.Left], depths[i] + 1);
                    depths[node.Left + 1] = Math.Max(depths[node.Left + 1], depths[i] + 1);
                }
            }
        }

        /// <summary>Adds the tree's value of each of at most <see cref="RowsAtOnce"/> rows.</summary>
        public void AddTo(Span<float> sums, ReadOnlySpan<float> rows, int featureCount)
        {
            Span<int> places = stackalloc int[RowsAtOnce];
            places.Clear();
            ref var first = ref MemoryMarshal.GetArrayDataReference(steps);
            for (var level = 0; level < length; level++)
            {
                // Feature indices are validated when trees are created.
                ref var row = ref MemoryMarshal.GetReference(rows);
                foreach (ref var place in places[..sums.Length])
                {
                    ref var step = ref Unsafe.Add(ref first, place);
                    place = step.Left + (Unsafe.Add(ref row, step.Feature) > step.Value ? 1 : 0);
                    row = ref Unsafe.Add(ref row, featureCount);
                }
            }

            for (var i = 0; i < sums.Length; i++)
                sums[i] += values[places[i]];
        }
    }
}

/// <summary>
/// An inner node sends rows whose feature is above <paramref name="Value"/> to the node after <paramref name="Left"/>, others (and NaN) to
/// <paramref name="Left"/>; a leaf (<paramref name="Feature"/> −1) adds its value.
/// </summary>
internal readonly record struct TreeNode(short Feature, short Left, float Value);
