namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>A quantized tensor: a value is its byte times the scale.</summary>
/// <param name="Bytes">Name of the tensor of bytes.</param>
/// <param name="ScaleName">Name of the scale.</param>
/// <param name="Scale">The scale.</param>
internal readonly record struct Int8Tensor(string Bytes, string ScaleName, float Scale);

/// <summary>
/// The quantized tensors of a graph, written as pairs of QuantizeLinear and DequantizeLinear, which runtimes convert to integer
/// layers. All of them come from a ReLU, so the byte 0 is the value 0.
/// </summary>
internal sealed class Int8Tensors(OnnxGraph graph)
{
    private readonly Dictionary<string, Int8Tensor> tensors = [];
    private readonly Dictionary<string, float> largest = [];
    private readonly Dictionary<string, string> rounded = [];
    private string? zero;

    /// <summary>The quantized form of a tensor; <see langword="null"/> if there is none.</summary>
    public Int8Tensor? Find(string x) => tensors.TryGetValue(x, out var found) ? found : null;

    /// <summary>Declares the range of a tensor, for layers that need it quantized.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="value">The value that maps to 255; larger values are clipped.</param>
    public void Expect(string x, float value) => largest[x] = value;

    /// <summary>Declares that a tensor has the values of another one, or zeros.</summary>
    public void ExpectLike(string x, string other)
    {
        if (largest.TryGetValue(other, out var value))
            largest[x] = value;
    }

    /// <summary>Quantizes a tensor, unless it is quantized already.</summary>
    /// <returns>Name of the quantized tensor; <see langword="null"/> if its range is unknown.</returns>
    public string? Rounded(string x)
    {
        if (tensors.ContainsKey(x))
            return x;
        if (!rounded.TryGetValue(x, out var name) && largest.TryGetValue(x, out var value))
            rounded[x] = name = Round(x, value);
        return name;
    }

    /// <summary>Dequantizes a tensor of bytes that has the values of another one.</summary>
    public string Restore(string x, string bytes, Int8Tensor other)
    {
        tensors[x] = other with { Bytes = bytes };
        largest[x] = other.Scale * byte.MaxValue;
        return graph.Node("DequantizeLinear", $"{x}_dequantize", x, [bytes, other.ScaleName, Zero()]);
    }

    /// <summary>Adds a quantized kernel and bias.</summary>
    /// <returns>Names of their dequantized tensors.</returns>
    public string[] Weights(string layer, KernelShape shape, Int8Kernel kernel, Int8Tensor input)
    {
        var scale = graph.Tensor<float>($"{layer}.weight_scale", [shape.Channels], kernel.Scales);
        var zeros = graph.Tensor<sbyte>($"{layer}.weight_zero", [shape.Channels], new sbyte[shape.Channels]);
        var values = graph.Tensor<sbyte>($"{layer}.weight", shape.Sides, kernel.Values);
        var biasScale = graph.Tensor<float>($"{layer}.bias_scale", [shape.Channels], [.. kernel.Scales.Select(value => value * input.Scale)]);
        var bias = graph.Tensor<int>($"{layer}.bias", [shape.Channels], kernel.Bias);
        return
        [
            graph.Node("DequantizeLinear", $"{layer}.weight_dequantize", $"{layer}.weight_float", [values, scale, zeros], OnnxAttribute.Of("axis", shape.Axis)),
            graph.Node("DequantizeLinear", $"{layer}.bias_dequantize", $"{layer}.bias_float", [bias, biasScale], OnnxAttribute.Of("axis", 0)),
        ];
    }

    private string Round(string x, float value)
    {
        var scale = value / byte.MaxValue;
        var scaleName = graph.Tensor<float>($"{x}_scale", [], [scale]);
        var bytes = graph.Node("QuantizeLinear", $"{x}_quantize", $"{x}_bytes", [x, scaleName, Zero()]);
        return Restore($"{x}_rounded", bytes, new Int8Tensor(bytes, scaleName, scale));
    }

    private string Zero() => zero ??= graph.Tensor<byte>("zero", [], [0]);
}
