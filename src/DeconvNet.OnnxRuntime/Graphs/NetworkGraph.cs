using DeconvNet.Architecture;

namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>Common parts of the graphs of DeconvNet and FCN. Nodes and tensors are named as in the layer table.</summary>
internal abstract class NetworkGraph
{
    public const string Input = "input";

    public const string Output = "logits";

    private readonly Int8Plan? plan;
    private readonly List<string> activations = [];

    protected NetworkGraph(FoldedWeights weights, Int8Plan? plan)
    {
        Weights = weights;
        this.plan = plan;
        Int8 = new Int8Tensors(Graph);
    }

    protected OnnxGraph Graph { get; } = new();

    protected FoldedWeights Weights { get; }

    /// <summary>The quantized tensors; none without a plan.</summary>
    protected Int8Tensors Int8 { get; }

    /// <summary>Builds the graph of a network.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="plan">What is quantized; nothing if omitted.</param>
    public static OnnxGraph Of(FoldedWeights weights, Int8Plan? plan = null) => Built(weights, plan).Graph;

    /// <summary>Builds a graph that also outputs the activations of each layer with ReLU.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="layers">Names of these outputs, which are those of the layers.</param>
    public static OnnxGraph WithActivations(FoldedWeights weights, out IReadOnlyList<string> layers)
    {
        var network = Built(weights, plan: null);
        foreach (var name in network.activations)
            network.Graph.Output(name);
        layers = network.activations;
        return network.Graph;
    }

    protected abstract void Build();

    /// <summary>A convolution, with ReLU unless it is a score layer.</summary>
    /// <param name="row">The layer.</param>
    /// <param name="x">Its input.</param>
    /// <param name="padding">Zero padding.</param>
    /// <param name="kernel">Its kernel, <c>[out, in, k, k]</c>.</param>
    protected string Convolution(LayerSpec row, string x, int padding, Func<float[]> kernel) => Layer(
        "Conv", row, x, new KernelShape([row.OutChannels, row.InChannels, row.Kernel, row.Kernel], Axis: 0), kernel, Weights.Bias(row),
        OnnxAttribute.Of("kernel_shape", row.Kernel, row.Kernel), OnnxAttribute.Of("pads", padding, padding, padding, padding));

    /// <summary>A layer with weights, with ReLU unless it is a score layer; quantized according to the plan.</summary>
    protected string Layer(string type, LayerSpec row, string x, KernelShape shape, Func<float[]> kernel, float[] bias, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var rounded = plan?.Rounds(row.Name) == true ? Int8.Rounded(x) : null;
        string[] inputs = rounded is null
            ? [x, Graph.Tensor($"{row.Name}.weight", shape.Sides, kernel), Graph.Tensor<float>($"{row.Name}.bias", [bias.Length], bias)]
            : [rounded, .. RoundedWeights(row.Name, shape, kernel(), bias, Int8.Find(rounded)!.Value)];
        if (row.Kind == LayerKind.Score)
            return Graph.Node(type, row.Name, row.Name, inputs, attributes);

        var sum = Graph.Node(type, row.Name, row.BatchNorm ?? $"{row.Name}_sum", inputs, attributes);
        Graph.Node("Relu", $"{row.Name}_relu", row.Name, [sum]);
        activations.Add(row.Name);
        if (plan is not null)
            Int8.Expect(row.Name, plan.LargestOf(row.Name));

        // Runtimes use integer arithmetic only for layers whose output is quantized too.
        return rounded is null ? row.Name : Int8.Rounded(row.Name)!;
    }

    /// <summary>A node that moves values without changing them, in bytes if its input is quantized.</summary>
    protected string Moved(string type, string name, string x, ReadOnlySpan<string> otherInputs, ReadOnlySpan<string> otherOutputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var source = Int8.Find(x);
        var output = source is null ? name : $"{name}_bytes";
        Graph.Node(type, name, [output, .. otherOutputs], [source?.Bytes ?? x, .. otherInputs], attributes);
        if (source is { } bytes)
            return Int8.Restore(name, output, bytes);
        Int8.ExpectLike(name, x);
        return name;
    }

    private string[] RoundedWeights(string layer, KernelShape shape, float[] kernel, float[] bias, Int8Tensor input) =>
        Int8.Weights(layer, shape, Int8Kernel.Round(kernel, shape, bias, input.Scale, plan!.LimitOf(layer)), input);

    private static NetworkGraph Built(FoldedWeights weights, Int8Plan? plan)
    {
        NetworkGraph network = weights.Options is FcnOptions ? new FcnGraph(weights, plan) : new DeconvNetGraph(weights, plan);
        network.Build();
        return network;
    }
}
