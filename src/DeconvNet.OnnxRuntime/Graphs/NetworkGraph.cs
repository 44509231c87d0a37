using DeconvNet.Architecture;

namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>What the graphs of DeconvNet and FCN are made of. Nodes and tensors have the names of the layer table.</summary>
internal abstract class NetworkGraph(FoldedWeights weights)
{
    public const string Input = "input";

    public const string Output = "logits";

    protected OnnxGraph Graph { get; } = new();

    protected FoldedWeights Weights { get; } = weights;

    /// <summary>Makes the graph of the network that the weights are for.</summary>
    public static OnnxGraph Of(FoldedWeights weights)
    {
        NetworkGraph network = weights.Options is FcnOptions ? new FcnGraph(weights) : new DeconvNetGraph(weights);
        network.Build();
        return network.Graph;
    }

    protected abstract void Build();

    /// <summary>A convolution, with ReLU unless it scores.</summary>
    /// <param name="row">The layer.</param>
    /// <param name="x">Its input.</param>
    /// <param name="padding">Zeros around the map.</param>
    /// <param name="kernel">Its kernel, <c>[out, in, k, k]</c>.</param>
    protected string Convolution(LayerSpec row, string x, int padding, Func<float[]> kernel)
    {
        var weight = Graph.Tensor($"{row.Name}.weight", [row.OutChannels, row.InChannels, row.Kernel, row.Kernel], kernel);
        var bias = Graph.Tensor<float>($"{row.Name}.bias", [row.OutChannels], Weights.Bias(row));
        return Rectified(row, sum => Graph.Node("Conv", row.Name, sum, [x, weight, bias], OnnxAttribute.Of("kernel_shape", row.Kernel, row.Kernel), OnnxAttribute.Of("pads", padding, padding, padding, padding)));
    }

    /// <summary>Adds the ReLU of a layer, unless the layer scores.</summary>
    /// <param name="row">The layer.</param>
    /// <param name="add">Adds the layer with the output of that name.</param>
    protected string Rectified(LayerSpec row, Func<string, string> add) => row.Kind == LayerKind.Score
        ? add(row.Name)
        : Graph.Node("Relu", $"{row.Name}_relu", row.Name, [add(row.BatchNorm ?? $"{row.Name}_sum")]);
}
