using DeconvNet.Weights;
using DeconvNet.Weights.Formats;

namespace DeconvNet.OnnxRuntime.Tests.Graphs;

/// <summary>Bytes of an <c>.onnx</c> file that no export writes, field by field (<c>onnx.proto</c>).</summary>
internal sealed record CraftedModel
{
    public const int Float = 1, Int64 = 7;

    public static Dictionary<string, string> Metadata { get; } = WeightsMetadata.Write(TestNetworks.DeconvNet, ["background", "a", "b"], WeightsInfo.None);

    public long Opset { get; init; } = 17;

    public string Input { get; init; } = "input";

    public string Type { get; init; } = "Identity";

    public string Domain { get; init; } = "";

    public ProtobufMessage[] Attributes { get; init; } = [];

    public ProtobufMessage[] Constants { get; init; } = [];

    public IReadOnlyDictionary<string, string> Strings { get; init; } = Metadata;

    /// <summary>Further fields of the model.</summary>
    public Func<ProtobufMessage, ProtobufMessage> More { get; init; } = model => model;

    public static ProtobufMessage Constant(string name, int type, long[] shape, byte[] values) => Named(name, type, shape).Add(9, values);

    public static ProtobufMessage Named(string name, int type, long[] shape)
    {
        var tensor = new ProtobufMessage();
        foreach (var side in shape)
            tensor.Add(1, side);
        return tensor.Add(2, type).Add(8, name);
    }

    public byte[] ToBytes()
    {
        var node = new ProtobufMessage().Add(1, Input).Add(2, "logits").Add(3, "node").Add(4, Type).Add(7, Domain);
        foreach (var attribute in Attributes)
            node.Add(5, attribute);
        var graph = new ProtobufMessage().Add(1, node).Add(2, "graph");
        foreach (var constant in Constants)
            graph.Add(5, constant);
        graph.Add(11, Value(Input, 3)).Add(12, Value("logits", 3));
        var model = new ProtobufMessage().Add(1, 8).Add(8, new ProtobufMessage().Add(1, "").Add(2, Opset));
        foreach (var (key, value) in Strings)
            model.Add(14, new ProtobufMessage().Add(1, key).Add(2, value));
        using var bytes = new MemoryStream();
        More(model.Add(7, graph)).WriteTo(bytes);
        return bytes.ToArray();
    }

    private static ProtobufMessage Value(string name, long channels)
    {
        var side = TestNetworks.DeconvNet.InputSize;
        var shape = new ProtobufMessage().Add(1, new ProtobufMessage().Add(2, "N"));
        foreach (var length in new[] { channels, side, side })
            shape.Add(1, new ProtobufMessage().Add(1, length));
        return new ProtobufMessage().Add(1, name).Add(2, new ProtobufMessage().Add(1, new ProtobufMessage().Add(1, Float).Add(2, shape)));
    }
}
