using System.Runtime.InteropServices;
using DeconvNet.Weights.Formats;

namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>
/// An ONNX graph, built node by node (<c>onnx.proto</c>, opset 17). Values of tensors are computed while they are written, so that a network of a gigabyte
/// is not in memory twice.
/// </summary>
internal sealed class OnnxGraph
{
    private const int ModelIrVersion = 1, ModelProducer = 2, ModelGraph = 7, ModelOpset = 8, ModelMetadata = 14;
    private const int GraphNode = 1, GraphName = 2, GraphInitializer = 5, GraphInput = 11, GraphOutput = 12;
    private const int NodeInput = 1, NodeOutput = 2, NodeName = 3, NodeType = 4, NodeAttribute = 5;
    private const int TensorSide = 1, TensorType = 2, TensorName = 8, TensorBytes = 9;
    private const int IrVersion = 8, Opset = 17;

    private readonly List<ProtobufMessage> nodes = [];
    private readonly List<ProtobufMessage> tensors = [];
    private readonly List<ProtobufMessage> inputs = [];
    private readonly List<ProtobufMessage> outputs = [];
    private readonly HashSet<string> constants = [];

    /// <summary>Declares an input of 32-bit values.</summary>
    /// <param name="name">Name of the input.</param>
    /// <param name="sides">Dimensions; each is a number, or a name for a variable dimension.</param>
    public string Input(string name, params ReadOnlySpan<object> sides)
    {
        inputs.Add(Value(name, sides));
        return name;
    }

    /// <summary>Declares a tensor of 32-bit values as an output.</summary>
    public void Output(string name, params ReadOnlySpan<object> sides) => outputs.Add(Value(name, sides));

    /// <summary>Declares a tensor of 32-bit values of any shape as an output.</summary>
    public void Output(string name) =>
        outputs.Add(new ProtobufMessage().Add(1, name).Add(2, new ProtobufMessage().Add(1, new ProtobufMessage().Add(1, (long)ElementType.Float32))));

    /// <summary>Adds a node with one output.</summary>
    /// <returns>Name of its output.</returns>
    public string Node(string type, string name, string output, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        Node(type, name, [output], inputs, attributes);
        return output;
    }

    /// <summary>Adds a node.</summary>
    public void Node(string type, string name, ReadOnlySpan<string> outputs, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var node = new ProtobufMessage();
        foreach (var input in inputs)
            node.Add(NodeInput, input);
        foreach (var output in outputs)
            node.Add(NodeOutput, output);
        node.Add(NodeName, name).Add(NodeType, type);
        foreach (var attribute in attributes)
            node.Add(NodeAttribute, attribute.Message);
        nodes.Add(node);
    }

    /// <summary>Adds a constant of 32-bit values, which are computed when the graph is written.</summary>
    public string Tensor(string name, IReadOnlyList<long> shape, Func<float[]> values)
    {
        var count = shape.Aggregate(1L, (product, side) => product * side);
        Add(name, shape, ElementType.Float32).Add(TensorBytes, count, stream => stream.Write(MemoryMarshal.AsBytes<float>(values())));
        return name;
    }

    /// <summary>Adds a constant.</summary>
    public string Tensor<T>(string name, IReadOnlyList<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Add(name, shape, TypeOf<T>()).Add(TensorBytes, MemoryMarshal.AsBytes(values).ToArray());
        return name;
    }

    /// <summary>A constant list of integers, such as a shape; equal lists are stored once.</summary>
    public string Numbers(params ReadOnlySpan<long> values)
    {
        var name = $"numbers_{string.Join('_', values.ToArray())}";
        return constants.Add(name) ? Tensor(name, [values.Length], values) : name;
    }

    /// <summary>Writes the model with the graph at its end, so that a truncated file is never valid.</summary>
    /// <exception cref="ArgumentException">The model takes 2 GB or more, which Protocol Buffers readers reject.</exception>
    public void WriteTo(Stream stream, string name, IReadOnlyDictionary<string, string> metadata)
    {
        var graph = new ProtobufMessage();
        foreach (var node in nodes)
            graph.Add(GraphNode, node);
        graph.Add(GraphName, name);
        foreach (var tensor in tensors)
            graph.Add(GraphInitializer, tensor);
        foreach (var input in inputs)
            graph.Add(GraphInput, input);
        foreach (var output in outputs)
            graph.Add(GraphOutput, output);

        var model = new ProtobufMessage().Add(ModelIrVersion, IrVersion).Add(ModelProducer, "DeconvNet").Add(ModelOpset, new ProtobufMessage().Add(1, "").Add(2, Opset));
        foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            model.Add(ModelMetadata, new ProtobufMessage().Add(1, key).Add(2, value));
        model.Add(ModelGraph, graph);
        if (model.Length > int.MaxValue)
            throw new ArgumentException($"The network would take {model.Length} bytes; an .onnx file takes {int.MaxValue} at most.", nameof(name));
        model.WriteTo(stream);
    }

    private ProtobufMessage Add(string name, IReadOnlyList<long> shape, ElementType type)
    {
        var tensor = new ProtobufMessage();
        foreach (var side in shape)
            tensor.Add(TensorSide, side);
        tensors.Add(tensor.Add(TensorType, (long)type).Add(TensorName, name));
        return tensor;
    }

    private static ProtobufMessage Value(string name, ReadOnlySpan<object> sides)
    {
        var shape = new ProtobufMessage();
        foreach (var side in sides)
            shape.Add(1, side is string any ? new ProtobufMessage().Add(2, any) : new ProtobufMessage().Add(1, Convert.ToInt64(side, null)));
        return new ProtobufMessage().Add(1, name).Add(2, new ProtobufMessage().Add(1, new ProtobufMessage().Add(1, (long)ElementType.Float32).Add(2, shape)));
    }

    private static ElementType TypeOf<T>() => default(T) switch
    {
        float => ElementType.Float32,
        byte => ElementType.UInt8,
        sbyte => ElementType.Int8,
        int => ElementType.Int32,
        _ => ElementType.Int64,
    };
}
