using System.Text;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;

namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>
/// Checks a file before ONNX Runtime loads it: only what <see cref="OnnxGraph"/> writes is accepted. Other nodes, larger numbers, or values in other files would make the native library
/// read files or allocate memory as the file demands.
/// </summary>
internal sealed class StoredGraph
{
    private const int ModelGraph = 7, ModelMetadata = 14, ModelTraining = 20, ModelFunction = 25;
    private const int EntryKey = 1, EntryValue = 2;
    private const int GraphNode = 1, GraphInitializer = 5, GraphSparseInitializer = 15;
    private const int NodeType = 4, NodeAttribute = 5, NodeDomain = 7;
    private const int AttributeName = 1, AttributeNumber = 3, AttributeNumbers = 8, AttributeDescription = 13, AttributeType = 20;

    // The largest written are the 64×64 kernel of an FCN's upsampling by 32 and its padding of 100.
    private const long LargestSetting = 4096;

    private static readonly HashSet<string> types = new(StringComparer.Ordinal)
    {
        "Add", "Conv", "ConvTranspose", "DequantizeLinear", "Flatten", "Gemm", "Identity", "MaxPool", "MaxUnpool", "Min", "QuantizeLinear", "Relu", "Reshape", "Shape", "Slice", "Sub",
    };

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly ProtobufReader reader;
    private readonly string name;
    private readonly Dictionary<string, string> metadata = new(StringComparer.Ordinal);

    private StoredGraph(byte[] bytes, string name)
    {
        (this.bytes, this.name) = (bytes, name);
        reader = new ProtobufReader(new MemoryStream(bytes), name);
    }

    /// <summary>Rejects anything that this library did not export.</summary>
    /// <returns>The metadata. ONNX Runtime's own reader fails on keys that C cannot hold.</returns>
    /// <exception cref="InvalidDataException">The bytes are not such a file, are damaged or truncated, come from another program, or have values that are not finite.</exception>
    public static IReadOnlyDictionary<string, string> Require(byte[] bytes, string name)
    {
        if (ForeignKind(bytes) is { } kind)
            throw new InvalidDataException($"{name} is not an .onnx file: {kind}");
        var stored = new StoredGraph(bytes, name);
        stored.Model();
        return stored.metadata;
    }

    private static string? ForeignKind(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [] => "it is empty.",

        // The version of the format comes first.
        [0x08, not 1, ..] => null,
        [_, _, _, _, _, _, _, _, (byte)'{', ..] => "this is a safetensors file. OnnxModel.Export writes an .onnx file with its weights.",
        _ => ForeignWeights.Describe(bytes) ?? (ForeignFile.Describe(bytes) is { } known ? $"this is {known}." : "it does not begin as one."),
    };

    private void Model()
    {
        var graph = default((long Start, long End)?);
        while (reader.NextField(bytes.Length, out var field, out var wire))
        {
            switch (field)
            {
                case ModelGraph when graph is null:
                    var end = reader.ReadEnd(wire, bytes.Length);
                    graph = (reader.Position, end);
                    reader.Position = end;
                    break;
                case ModelMetadata:
                    Entry(reader.ReadEnd(wire, bytes.Length));
                    break;
                case ModelGraph or ModelTraining or ModelFunction:
                    throw reader.Fault("a second graph, where a network has one");
                default:
                    reader.Skip(wire, bytes.Length);
                    break;
            }
        }

        if (graph is not { } found)
            throw new InvalidDataException($"{name} is not an .onnx file, or truncated: it has no graph.");
        if (!metadata.ContainsKey(WeightsMetadata.VersionKey))
        {
            throw new InvalidDataException(
                $"{name} is an .onnx file of another program: it lacks '{WeightsMetadata.VersionKey}', which describes its purpose. OnnxModel.Export writes supported files; for other networks implement IScorer.");
        }

        reader.Position = found.Start;
        Graph(found.End);
    }

    private void Entry(long end)
    {
        var (key, value) = ("", "");
        while (reader.NextField(end, out var field, out var wire))
        {
            if (field == EntryKey)
                key = reader.ReadString(wire, end);
            else if (field == EntryValue)
                value = Text(reader.ReadEnd(wire, end));
            else
                reader.Skip(wire, end);
        }

        if (!metadata.TryAdd(key, value))
            throw reader.Fault($"the metadata have two entries '{StoredName.Show(key)}'");
    }

    private string Text(long end)
    {
        var text = Encoding.UTF8.GetString(bytes.Span[(int)reader.Position..(int)end]);
        reader.Position = end;
        return text;
    }

    private void Graph(long end)
    {
        while (reader.NextField(end, out var field, out var wire))
        {
            switch (field)
            {
                case GraphNode:
                    Node(reader.ReadEnd(wire, end));
                    break;
                case GraphInitializer:
                    new StoredConstant(bytes, reader).Require(reader.ReadEnd(wire, end));
                    break;
                case GraphSparseInitializer:
                    throw reader.Fault("a sparse tensor, which no network of ours has");
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }
    }

    private void Node(long end)
    {
        while (reader.NextField(end, out var field, out var wire))
        {
            switch (field)
            {
                case NodeType when reader.ReadString(wire, end) is var type && !types.Contains(type):
                    throw reader.Fault($"a node of type '{StoredName.Show(type)}', which this library does not write");
                case NodeDomain when reader.ReadString(wire, end) is { Length: > 0 } domain and not "ai.onnx":
                    throw reader.Fault($"a node of the domain '{StoredName.Show(domain)}', which this library does not write");
                case NodeType or NodeDomain:
                    break;
                case NodeAttribute:
                    Attribute(reader.ReadEnd(wire, end));
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }
    }

    private void Attribute(long end)
    {
        while (reader.NextField(end, out var field, out var wire))
        {
            switch (field)
            {
                case AttributeNumber or AttributeNumbers when wire == WireType.Varint:
                    Setting();
                    break;
                case AttributeNumbers:
                    for (var last = reader.ReadEnd(wire, end); reader.Position < last;)
                        Setting();
                    break;
                case AttributeName or AttributeDescription or AttributeType:
                    reader.Skip(wire, end);
                    break;
                default:
                    throw reader.Fault("an attribute that is not an integer, which this library does not write");
            }
        }
    }

    private void Setting()
    {
        if ((long)reader.ReadVarint() is var value and not (>= -1 and <= LargestSetting))
            throw reader.Fault(FormattableString.Invariant($"an attribute of a node is {value}; expected -1 to {LargestSetting}"));
    }
}
