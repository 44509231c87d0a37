using DeconvNet.Architecture;
using DeconvNet.Runtime;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

/// <summary>
/// The kernels of a model as its scorer uses them: batch norm folded into them, deconvolutions of stride 1 as convolutions, and in the number format and memory layout of the
/// computation. A copy: it does not follow later changes of the model.
/// </summary>
/// <remarks>
/// On the CPU, channels come last in memory: libtorch's convolutions read and write such maps in place, and its pooling is faster. In the default layout, each convolution
/// first reorders its map and then its result.
/// </remarks>
internal sealed class InferenceKernels : IDisposable
{
    private readonly Dictionary<string, (Tensor Weight, Tensor? Bias)> kernels = [];
    private readonly ScalarType modelType;
    private readonly bool areChannelsLast;

    /// <param name="model">The model; it must not change meanwhile.</param>
    /// <param name="type">Number format of all layers but those of scores; that of the model if <see langword="null"/>.</param>
    public InferenceKernels(SegmentationModel model, ScalarType? type)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var rows = model.Layers.Where(row => row.HasWeights).ToList();
        var (first, _) = model.Kernel(rows[0]);
        modelType = first.dtype;

        // Without folding, libtorch would copy all kernels to this layout in every pass.
        areChannelsLast = first.device_type == TorchSharp.DeviceType.CPU && rows.Exists(IsFolded);
        foreach (var row in rows)
        {
            var (weight, bias) = model.ConvolutionKernel(row);
            if (IsFolded(row))
                (weight, bias) = Fold(model, row, Arrange(weight), bias);

            // Scores in 16 bits would often be equal, and the first class would win.
            if (row.Kind is not (LayerKind.Score or LayerKind.Upsampling) && type is { } chosen)
                (weight, bias) = (weight.to(chosen), bias?.to(chosen));
            kernels.Add(row.Name, (weight.alias().DetachFromDisposeScope(), bias?.alias().DetachFromDisposeScope()));
        }
    }

    /// <summary>
    /// Whether the batch norm of a layer is folded into its kernel. It is not in layers that are matrix products, whose kernels are so large and whose maps so small that a copy would cost more.
    /// </summary>
    public static bool IsFolded(LayerSpec row) => row.BatchNorm is not null && !row.IsMatrixProduct;

    /// <summary>The kernel and bias of a layer; owned by this object.</summary>
    public (Tensor Weight, Tensor? Bias) Of(LayerSpec row) => kernels[row.Name];

    /// <summary>A map in the memory layout of the computation.</summary>
    /// <param name="map"><c>[N, C, H, W]</c>.</param>
    public Tensor Arrange(Tensor map) => areChannelsLast ? MemoryLayout.ChannelsLast(map) : map;

    /// <summary>The output of a layer that is not folded, in the number format of its batch norm.</summary>
    public Tensor ToModelType(Tensor x) => x.to(modelType);

    public void Dispose()
    {
        foreach (var (weight, bias) in kernels.Values)
        {
            weight.Dispose();
            bias?.Dispose();
        }
    }

    private static (Tensor Weight, Tensor Bias) Fold(SegmentationModel model, LayerSpec row, Tensor weight, Tensor? bias)
    {
        var (scale, shift) = FoldedBatchNorm.Of(model.BatchNorm(row), model.BatchNormEpsilon);
        if (bias is not null)
            shift += bias.cpu().to(float64) * scale;
        return (weight * scale.to(weight.dtype).to(weight.device).view(-1, 1, 1, 1), shift.to(weight.dtype).to(weight.device));
    }
}
