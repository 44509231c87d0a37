namespace DeconvNet.OnnxRuntime.Graphs;

/// <summary>A tensor in bytes: a value is its byte times the scale.</summary>
/// <param name="Bytes">The name of the tensor of bytes.</param>
/// <param name="ScaleName">The name of the scale.</param>
/// <param name="Scale">The scale.</param>
internal readonly record struct Int8Tensor(string Bytes, string ScaleName, float Scale);

/// <summary>
/// The tensors of a graph that are also there in bytes, written as pairs of QuantizeLinear and DequantizeLinear, from which runtimes make layers in whole
/// numbers. All of them come from a ReLU, so that the byte 0 is the value 0.
/// </summary>
internal sealed class Int8Tensors(OnnxGraph graph)
{
    private readonly Dictionary<string, Int8Tensor> tensors = [];
    private readonly Dictionary<string, float> largest = [];
    private readonly Dictionary<string, string> rounded = [];
    private string? zero;

    /// <summary>The bytes of a tensor; <see langword="null"/> if there are none.</summary>
    public Int8Tensor? Find(string x) => tensors.TryGetValue(x, out var found) ? found : null;

    /// <summary>Says how a tensor is rounded where a layer wants it so.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="value">The value that becomes 255; larger ones become 255 too.</param>
    public void Expect(string x, float value) => largest[x] = value;

    /// <summary>Says that a tensor has the values of another, or zeros.</summary>
    public void ExpectLike(string x, string other)
    {
        if (largest.TryGetValue(other, out var value))
            largest[x] = value;
    }

    /// <summary>Rounds a tensor, unless it is rounded already.</summary>
    /// <returns>The name of the rounded tensor; <see langword="null"/> where it is not known how to round it.</returns>
    public string? Rounded(string x)
    {
        if (tensors.ContainsKey(x))
            return x;
        if (!rounded.TryGetValue(x, out var name) && largest.TryGetValue(x, out var value))
            rounded[x] = name = Round(x, value);
        return name;
    }

    /// <summary>Names the floats of a tensor of bytes that has the values of another.</summary>
    public string Restore(string x, string bytes, Int8Tensor other)
    {
        tensors[x] = other with { Bytes = bytes };
        largest[x] = other.Scale * byte.MaxValue;
        return graph.Node("DequantizeLinear", $"{x}_dequantize", x, [bytes, other.ScaleName, Zero()]);
    }

    /// <summary>Adds a kernel and a bias in whole numbers.</summary>
    /// <returns>The names of their floats.</returns>
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
