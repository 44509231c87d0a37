namespace DeconvNet.Proposals.Forest;

/// <summary>Builds a forest from the lists of a file, and validates everything that prediction relies on.</summary>
internal static class StructuredForestReader
{
    private static readonly string[] Lists = ["childs", "featureIds", "thresholds", "edgeBoundaries", "edgeBins"];

    public static StructuredForest Read(Stream stream, string name)
    {
        var text = ForestText.Read(stream, name, Lists);
        var shape = Shape(text, name);
        var child = text.Integers("childs");
        var feature = text.Integers("featureIds");
        var threshold = text.Reals("thresholds");
        var boundary = text.Integers("edgeBoundaries");
        var trees = shape.NumberOfTrees;
        Require(child.Length > 0 && child.Length % trees == 0, name, $"childs has {child.Length} numbers; expected as many for each of the {trees} trees");
        Require(feature.Length == child.Length, name, $"featureIds has {feature.Length} numbers, childs {child.Length}");
        Require(threshold.Length == child.Length, name, $"thresholds has {threshold.Length} numbers, childs {child.Length}");

        // If a leaf has several lists of edges (for sharpening), the first contains all edges.
        var lists = (boundary.Length - 1) / child.Length;
        Require(lists >= 1 && boundary.Length == (lists * child.Length) + 1, name, $"edgeBoundaries has {boundary.Length} numbers; expected a multiple of {child.Length} plus one");
        var bins = Bins(text.Integers("edgeBins"), shape.PatchInnerSize, name);
        CheckBoundaries(boundary, bins.Length, name);

        var nodes = new ForestNode[child.Length];
        var size = child.Length / trees;
        for (var i = 0; i < nodes.Length; i++)
        {
            CheckSplit(i, size, child[i], feature[i], threshold[i], shape, name);
            nodes[i] = new ForestNode(child[i] == 0 ? 0 : child[i] - 1, feature[i], threshold[i], boundary[i * lists], boundary[(i * lists) + 1]);
        }

        return new StructuredForest(shape, nodes, bins);
    }

    private static ForestShape Shape(ForestText text, string name)
    {
        var shape = new ForestShape
        {
            Stride = text.Option("stride"),
            ShrinkNumber = text.Option("shrinkNumber"),
            PatchSize = text.Option("patchSize"),
            PatchInnerSize = text.Option("patchInnerSize"),
            NumberOfGradientOrientations = text.Option("numberOfGradientOrientations"),
            GradientSmoothingRadius = text.Option("gradientSmoothingRadius"),
            RegFeatureSmoothingRadius = text.Option("regFeatureSmoothingRadius"),
            SsFeatureSmoothingRadius = text.Option("ssFeatureSmoothingRadius"),
            GradientNormalizationRadius = text.Option("gradientNormalizationRadius"),
            SelfsimilarityGridSize = text.Option("selfsimilarityGridSize"),
            NumberOfTrees = text.Option("numberOfTrees"),
            NumberOfTreesToEvaluate = text.Option("numberOfTreesToEvaluate"),
        };
        try
        {
            shape.Validate();
        }
        catch (ArgumentOutOfRangeException fault)
        {
            throw new InvalidDataException($"{name}: {fault.Message}", fault);
        }

        return shape;
    }

    private static ushort[] Bins(int[] bins, int innerSide, string name)
    {
        var pixels = innerSide * innerSide;
        var places = new ushort[bins.Length];
        for (var i = 0; i < bins.Length; i++)
        {
            Require(bins[i] >= 0, name, $"edgeBins[{i}] is {bins[i]}; expected 0 or more");
            places[i] = (ushort)(bins[i] % pixels);
        }

        return places;
    }

    private static void CheckBoundaries(int[] boundary, int bins, string name)
    {
        for (var i = 0; i < boundary.Length; i++)
        {
            var min = i == 0 ? 0 : boundary[i - 1];
            Require(boundary[i] >= min && boundary[i] <= bins, name, $"edgeBoundaries[{i}] is {boundary[i]}; expected {min} … {bins}");
        }
    }

    /// <summary>Children come after their parent, so every path ends.</summary>
    private static void CheckSplit(int index, int size, int child, int feature, float threshold, ForestShape shape, string name)
    {
        if (child == 0)
            return;

        var node = index % size;
        Require(child - 1 > node && child < size, name, $"childs[{index}] is {child}; expected 0, or {node + 2} … {size - 1}");
        Require(feature >= 0 && feature < shape.Features, name, $"featureIds[{index}] is {feature}; expected 0 … {shape.Features - 1}");
        Require(float.IsFinite(threshold), name, FormattableString.Invariant($"thresholds[{index}] is {threshold}; expected a finite number"));
    }

    private static void Require(bool holds, string name, string fault)
    {
        if (!holds)
            throw new InvalidDataException($"{name}: {fault}.");
    }
}
