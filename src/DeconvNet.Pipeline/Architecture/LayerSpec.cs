namespace DeconvNet.Architecture;

/// <summary>What a row of the layer table computes.</summary>
public enum LayerKind
{
    /// <summary>Convolution, batch norm, ReLU.</summary>
    Convolution,

    /// <summary>2×2 max pooling that keeps its switches.</summary>
    Pooling,

    /// <summary>Deconvolution (transposed convolution), batch norm, ReLU.</summary>
    Deconvolution,

    /// <summary>2×2 max unpooling by the switches of a pooling layer.</summary>
    Unpooling,

    /// <summary>1×1 convolution to class scores, neither batch norm nor ReLU.</summary>
    Score,

    /// <summary>Transposed convolution with a stride that enlarges class scores, without bias; it starts as bilinear interpolation (FCN).</summary>
    Upsampling,
}

/// <summary>One row of the layer table: one layer of the published network with the authors' name.</summary>
/// <param name="Name">Layer name.</param>
/// <param name="Kind">What it computes.</param>
/// <param name="InChannels">Input channels.</param>
/// <param name="OutChannels">Output channels.</param>
/// <param name="Kernel">Kernel side.</param>
/// <param name="Padding">Zero padding on each side.</param>
/// <param name="OutputSize">Side of the (square) output map; of a network that takes any size, for the input that its summary names.</param>
/// <param name="BatchNorm">Name of the batch norm that follows; <see langword="null"/> if none does.</param>
/// <param name="Switches">For an unpooling: the pooling layer whose switches it uses.</param>
/// <param name="HasBias">Whether the (de)convolution has a bias.</param>
/// <param name="Stride">Step of an upsampling.</param>
public sealed record LayerSpec(
    string Name,
    LayerKind Kind,
    int InChannels,
    int OutChannels,
    int Kernel,
    int Padding,
    int OutputSize,
    string? BatchNorm = null,
    string? Switches = null,
    bool HasBias = false,
    int Stride = 1)
{
    /// <summary>Whether the row has weights of its own.</summary>
    public bool HasWeights => Kind is not (LayerKind.Pooling or LayerKind.Unpooling);

    /// <summary>Shape of the weight: <c>[out, in, k, k]</c>, for a deconvolution <c>[in, out, k, k]</c>; empty for rows without weights.</summary>
    public IReadOnlyList<long> WeightShape => Kind switch
    {
        LayerKind.Convolution or LayerKind.Score => [OutChannels, InChannels, Kernel, Kernel],
        LayerKind.Deconvolution or LayerKind.Upsampling => [InChannels, OutChannels, Kernel, Kernel],
        _ => [],
    };

    /// <summary>Trainable parameters: weight, bias, scale and shift of the batch norm.</summary>
    public long ParameterCount => !HasWeights
        ? 0
        : ((long)InChannels * OutChannels * Kernel * Kernel) + (HasBias ? OutChannels : 0) + (BatchNorm is null ? 0 : 2L * OutChannels);

    /// <summary>Multiply-adds for one image.</summary>
    public long MultiplyAdds => Kind switch
    {
        LayerKind.Convolution or LayerKind.Score => (long)InChannels * OutChannels * Kernel * Kernel * OutputSize * OutputSize,
        // A deconvolution spends its kernel once for each input pixel; the input is smaller by what stride, kernel and padding add.
        LayerKind.Deconvolution or LayerKind.Upsampling => (long)InChannels * OutChannels * Kernel * Kernel * InputSize * InputSize,
        _ => 0,
    };

    private int InputSize => ((OutputSize - Kernel + (2 * Padding)) / Stride) + 1;
}
