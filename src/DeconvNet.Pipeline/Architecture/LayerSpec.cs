using System.Globalization;

namespace DeconvNet.Architecture;

/// <summary>Kind of layer.</summary>
public enum LayerKind
{
    /// <summary>Convolution, batch norm, ReLU.</summary>
    Convolution,

    /// <summary>2×2 max pooling that records its switches.</summary>
    Pooling,

    /// <summary>Deconvolution (transposed convolution), batch norm, ReLU.</summary>
    Deconvolution,

    /// <summary>2×2 max unpooling with the switches of a pooling layer.</summary>
    Unpooling,

    /// <summary>1×1 convolution to class scores, without batch norm or ReLU.</summary>
    Score,

    /// <summary>Strided transposed convolution that upsamples class scores, without bias; initialized to bilinear interpolation (FCN).</summary>
    Upsampling,
}

/// <summary>One row of the layer table: one layer of the published network, with the authors' name. Immutable.</summary>
public sealed record LayerSpec
{
    /// <summary>Layer name.</summary>
    public required string Name { get; init; }

    /// <summary>What it computes.</summary>
    public required LayerKind Kind { get; init; }

    /// <summary>Input channels.</summary>
    public required int InChannels { get; init; }

    /// <summary>Output channels.</summary>
    public required int OutChannels { get; init; }

    /// <summary>Side of the kernel, or of the pooling window.</summary>
    public required int Kernel { get; init; }

    /// <summary>Zero padding on each side. Default 0.</summary>
    public int Padding { get; init; }

    /// <summary>Stride of an upsampling. Default 1.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Side of the square output map. For a network that takes any size, for the input size that its summary states.</summary>
    public required int OutputSize { get; init; }

    /// <summary>Whether the (de)convolution has a bias. Default false.</summary>
    public bool HasBias { get; init; }

    /// <summary>Name of the batch norm that follows, if any.</summary>
    public string? BatchNorm { get; init; }

    /// <summary>For an unpooling: the pooling layer whose switches it uses.</summary>
    public string? Switches { get; init; }

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
        // A deconvolution applies its kernel once per input pixel; the input is smaller by what stride, kernel and padding add.
        LayerKind.Deconvolution or LayerKind.Upsampling => (long)InChannels * OutChannels * Kernel * Kernel * InputSize * InputSize,
        _ => 0,
    };

    /// <summary>Name, kind and channels, such as <c>conv1_1 Convolution 3 → 64, 3×3</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Kind} {InChannels} → {OutChannels}, {Kernel}×{Kernel}");

    /// <summary>Whether the kernel covers the whole map, so that the layer is a product of matrices.</summary>
    internal bool IsMatrixProduct => this is { Kind: LayerKind.Convolution, OutputSize: 1 } or { Kind: LayerKind.Deconvolution, Padding: 0 };

    private int InputSize => ((OutputSize - Kernel + (2 * Padding)) / Stride) + 1;
}
