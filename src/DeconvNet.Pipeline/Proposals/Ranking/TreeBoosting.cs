namespace DeconvNet.Proposals.Ranking;

/// <summary>Gradient boosting of regression trees with squared error (Friedman, 2001): each tree fits the residual of the previous ones.</summary>
internal sealed class TreeBoosting
{
    private readonly RankerTrainingOptions options;
    private readonly IProgress<RankerTrainingProgress>? progress;
    private readonly CancellationToken cancellationToken;
    private readonly FeatureBins[] features;
    private readonly float[] targets;

    public TreeBoosting(
        RankingRows rows, RankerTrainingOptions options, IProgress<RankerTrainingProgress>? progress, CancellationToken cancellationToken)
    {
        (this.options, this.progress, this.cancellationToken) = (options, progress, cancellationToken);
        targets = [.. rows.Targets];
        features = new FeatureBins[rows.Features[0].Length];
        Parallel.For(0, features.Length, Limits, feature => features[feature] = new FeatureBins([.. rows.Features.Select(row => row[feature])]));
    }

    private ParallelOptions Limits =>
        new() { MaxDegreeOfParallelism = options.Candidates.Threads, CancellationToken = cancellationToken };

    public BoostedTrees Run()
    {
        var start = targets.Average();
        var residual = Array.ConvertAll(targets, value => value - start);
        var trees = new TreeNode[options.TreeCount][];
        for (var i = 0; i < trees.Length; i++)
        {
            trees[i] = Grow(residual);
            progress?.Report(new RankerTrainingProgress(i + 1, trees.Length) { Error = residual.Average(left => (double)left * left) });
        }

        return new BoostedTrees(features.Length, start, trees);
    }

    /// <summary>Grows a tree best-first by gain, and subtracts its predictions from the residual.</summary>
    private TreeNode[] Grow(float[] residual)
    {
        var rows = Enumerable.Range(0, residual.Length).ToArray();
        var nodes = new List<TreeNode> { default };
        var leaves = new List<Leaf> { Measure(0, 0, rows.Length) };
        while (leaves.Count < options.MaxLeaves)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var best = leaves.MaxBy(leaf => leaf.Split.Gain)!;
            if (best.Split.Gain <= 0)
                break;

            var middle = Divide(rows, best);
            var left = (short)nodes.Count;
            nodes[best.Node] = new TreeNode((short)best.Split.Feature, left, features[best.Split.Feature].Edges[best.Split.Bin]);
            nodes.Add(default);
            nodes.Add(default);
            leaves.Remove(best);
            leaves.Add(Measure(left, best.From, middle));
            leaves.Add(Measure(left + 1, middle, best.To));
        }

        foreach (var leaf in leaves)
        {
            var value = (float)(options.LearningRate * leaf.Sum / (leaf.To - leaf.From + options.L2));
            nodes[leaf.Node] = new TreeNode(-1, 0, value);
            foreach (var row in rows.AsSpan(leaf.From, leaf.To - leaf.From))
                residual[row] -= value;
        }

        return [.. nodes];

        Leaf Measure(int node, int from, int to)
        {
            var sum = 0.0;
            foreach (var row in rows.AsSpan(from, to - from))
                sum += residual[row];
            return new Leaf(node, from, to, sum, BestSplit(rows, from, to, sum, residual));
        }
    }

    private Split BestSplit(int[] rows, int from, int to, double sum, float[] residual)
    {
        var best = new Split[features.Length];
        if (to - from < 2 * options.MinSamplesLeaf)
            return default;

        Parallel.For(0, features.Length, Limits, feature =>
        {
            var bins = features[feature].Bins;
            Span<double> sums = stackalloc double[FeatureBins.Max];
            Span<int> counts = stackalloc int[FeatureBins.Max];
            sums.Clear();
            counts.Clear();
            foreach (var row in rows.AsSpan(from, to - from))
            {
                var bin = bins[row];
                sums[bin] += residual[row];
                counts[bin]++;
            }

            var (leftSum, leftCount) = (0.0, 0);
            var before = Gain(sum, to - from);
            for (var bin = 0; bin < features[feature].Edges.Length; bin++)
            {
                (leftSum, leftCount) = (leftSum + sums[bin], leftCount + counts[bin]);
                var rightCount = to - from - leftCount;
                if (leftCount < options.MinSamplesLeaf || rightCount < options.MinSamplesLeaf)
                    continue;

                var gain = Gain(leftSum, leftCount) + Gain(sum - leftSum, rightCount) - before;
                if (gain > best[feature].Gain)
                    best[feature] = new Split(feature, bin, gain);
            }
        });
        return best.MaxBy(split => split.Gain);
    }

    private double Gain(double sum, int count) => sum * sum / (count + options.L2);

    /// <summary>Stable partition: puts the rows of the left child before those of the right child.</summary>
    private int Divide(int[] rows, Leaf leaf)
    {
        var bins = features[leaf.Split.Feature].Bins;
        var right = new List<int>();
        var middle = leaf.From;
        for (var i = leaf.From; i < leaf.To; i++)
        {
            if (bins[rows[i]] <= leaf.Split.Bin)
                rows[middle++] = rows[i];
            else
                right.Add(rows[i]);
        }

        right.CopyTo(rows, middle);
        return middle;
    }

    private readonly record struct Split(int Feature, int Bin, double Gain);

    private sealed record Leaf(int Node, int From, int To, double Sum, Split Split);
}
