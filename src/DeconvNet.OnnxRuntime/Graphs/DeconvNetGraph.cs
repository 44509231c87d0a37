using DeconvNet.Architecture;

namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>The graph of a DeconvNet, for any number of crops. The output is logits, even with <see cref="DeconvNetOptions.SoftmaxOutput"/>.</summary>
internal sealed class DeconvNetGraph(FoldedWeights weights, Int8Plan? plan) : NetworkGraph(weights, plan)
{
    protected override void Build()
    {
        var options = (DeconvNetOptions)Weights.Options;
        var x = Graph.Input(Input, "N", 3, options.InputSize, options.InputSize);
        foreach (var row in LayerTable.Create(options))
            x = Add(row, x);
        Graph.Node("Identity", Output, Output, [x]);
        Graph.Output(Output, "N", options.ClassCount, options.InputSize, options.InputSize);
    }

    private string Add(LayerSpec row, string x)
    {
        switch (row)
        {
            case { Kind: LayerKind.Pooling }:
                return Moved("MaxPool", row.Name, x, [], [Switches(row.Name)], OnnxAttribute.Of("kernel_shape", 2, 2), OnnxAttribute.Of("strides", 2, 2));
            case { Kind: LayerKind.Unpooling }:
                var unpooled = Graph.Node("MaxUnpool", row.Name, row.Name, [x, Switches(row.Switches!)], OnnxAttribute.Of("kernel_shape", 2, 2), OnnxAttribute.Of("strides", 2, 2));
                Int8.ExpectLike(unpooled, x);
                return unpooled;

            // A convolution whose kernel covers the whole map is a matrix product.
            case { Kind: LayerKind.Convolution, OutputSize: 1 }:
                return Product(row, Flat(row, x), new KernelShape([row.OutChannels, (long)row.InChannels * row.Kernel * row.Kernel], Axis: 0), Weights.Bias(row));
            case { Kind: LayerKind.Deconvolution, Padding: 0 }:
                var area = row.Kernel * row.Kernel;
                var maps = Product(row, x, new KernelShape([row.InChannels, (long)row.OutChannels * area], Axis: 1), [.. Weights.Bias(row).SelectMany(bias => Enumerable.Repeat(bias, area))]);
                return Moved("Reshape", $"{row.Name}_maps", maps, [Graph.Numbers(-1, row.OutChannels, row.Kernel, row.Kernel)], []);

            // With stride 1, a deconvolution is a convolution with the kernel rotated by 180° and its channels swapped.
            case { Kind: LayerKind.Deconvolution }:
                return Convolution(row, x, row.Kernel - 1 - row.Padding, () => Turned(row));
            default:
                return Convolution(row, x, row.Padding, () => Weights.Kernel(row));
        }
    }

    private static string Switches(string pooling) => $"{pooling}_mask";

    // Matrix products take one row per crop: fc6 reads a map, fc7 the rows of fc6.
    private string Flat(LayerSpec row, string x) => row.Name == LayerNames.Fc6 ? Moved("Flatten", $"{row.Name}_flat", x, [], []) : x;

    private string Product(LayerSpec row, string x, KernelShape shape, float[] bias) =>
        Layer("Gemm", row, x, shape, () => Weights.Kernel(row), bias, OnnxAttribute.Of("transB", shape.Axis == 0 ? 1 : 0));

    private float[] Turned(LayerSpec row)
    {
        var kernel = Weights.Kernel(row);
        var turned = new float[kernel.Length];
        var area = row.Kernel * row.Kernel;
        for (var input = 0; input < row.InChannels; input++)
        {
            for (var output = 0; output < row.OutChannels; output++)
            {
                var source = kernel.AsSpan(((input * row.OutChannels) + output) * area, area);
                var target = turned.AsSpan(((output * row.InChannels) + input) * area, area);
                source.CopyTo(target);
                target.Reverse();
            }
        }

        return turned;
    }
}
