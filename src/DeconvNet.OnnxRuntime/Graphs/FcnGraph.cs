using DeconvNet.Architecture;

namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>The graph of an FCN, for any number of photos of any size.</summary>
internal sealed class FcnGraph(FoldedWeights weights, Int8Plan? plan) : NetworkGraph(weights, plan)
{
    private readonly FcnOptions options = (FcnOptions)weights.Options;

    protected override void Build()
    {
        var x = Graph.Input(Input, "N", 3, "H", "W");
        var rows = FcnLayerTable.Create(options).ToDictionary(row => row.Name);
        foreach (var row in rows.Values.TakeWhile(row => row.Kind is LayerKind.Convolution or LayerKind.Pooling))
            x = row.Kind == LayerKind.Pooling ? Pooling(row, x) : Convolution(row, x, row.Padding, () => Weights.Kernel(row));

        x = Score(rows["score_fr"], x);
        var grid = FcnGrid.OfFc7(options);
        foreach (var skip in FcnSkip.Of(options.Stride))
        {
            x = Upsampling(rows[skip.Upsampling], x);
            var finer = Score(rows[skip.Score], skip.Pooling, options.AtOnce ? skip.AtOnceScale : 1);
            var (first, finerFirst) = grid.Enlarged(2).FirstCommon(FcnGrid.OfPooling(options, skip.Stride));
            grid = grid.Enlarged(2).From(first);
            var size = Graph.Node("Min", $"{skip.Pooling}_size", $"{skip.Pooling}_size", [Rest(x, first), Rest(finer, finerFirst)]);
            x = Graph.Node("Add", $"fuse_{skip.Pooling}", $"fuse_{skip.Pooling}", [Cut(x, first, size), Cut(finer, finerFirst, size)]);
        }

        var whole = Upsampling(rows[FcnSkip.LastUpsampling(options.Stride)], x);
        Cut(whole, grid.Enlarged((int)options.Stride).OffsetOfPhoto, Rest(Input, 0), Output);
        Graph.Output(Output, "N", options.ClassCount, "H", "W");
    }

    private string Pooling(LayerSpec row, string x) =>
        Moved("MaxPool", row.Name, x, [], [], OnnxAttribute.Of("kernel_shape", 2, 2), OnnxAttribute.Of("strides", 2, 2), OnnxAttribute.Of("ceil_mode", 1));

    private string Score(LayerSpec row, string x, double scale = 1) =>
        Convolution(row, x, row.Padding, () => scale == 1 ? Weights.Kernel(row) : [.. Weights.Kernel(row).Select(value => (float)(value * scale))]);

    private string Upsampling(LayerSpec row, string x)
    {
        var kernel = Weights.Kernel(row);
        var area = row.Kernel * row.Kernel;
        var isDiagonal = kernel.Index().All(entry => entry.Item == 0 || entry.Index / area / row.OutChannels == entry.Index / area % row.OutChannels);

        // Interpolation is per class, unless training has mixed the classes.
        var groups = isDiagonal ? row.OutChannels : 1;
        float[] stored = isDiagonal ? [.. Enumerable.Range(0, groups).SelectMany(id => kernel.Skip(((id * groups) + id) * area).Take(area))] : kernel;
        var weight = Graph.Tensor<float>($"{row.Name}.weight", [row.InChannels, row.OutChannels / groups, row.Kernel, row.Kernel], stored);
        return Graph.Node(
            "ConvTranspose", row.Name, row.Name, [x, weight], OnnxAttribute.Of("kernel_shape", row.Kernel, row.Kernel), OnnxAttribute.Of("strides", row.Stride, row.Stride), OnnxAttribute.Of("group", groups));
    }

    /// <summary>Height and width of a map after its first rows and columns are removed.</summary>
    private string Rest(string x, int first)
    {
        var size = Graph.Node("Shape", $"{x}_shape", $"{x}_shape", [x], OnnxAttribute.Of("start", 2), OnnxAttribute.Of("end", 4));
        return first == 0 ? size : Graph.Node("Sub", $"{x}_rest", $"{x}_rest", [size, Graph.Numbers(first)]);
    }

    private string Cut(string x, int first, string size, string? name = null)
    {
        var end = Graph.Node("Add", $"{x}_end", $"{x}_end", [size, Graph.Numbers(first)]);
        return Graph.Node("Slice", name ?? $"{x}_cut", name ?? $"{x}_cut", [x, Graph.Numbers(first, first), end, Graph.Numbers(2, 3)]);
    }
}
