using System.Runtime.InteropServices;
using DeconvNet.Architecture;
using DeconvNet.Weights;
using DeconvNet.Weights.Formats;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

public abstract partial class SegmentationModel
{
    /// <summary>Information from the file that the model was loaded from.</summary>
    public WeightsInfo Info { get; internal set; } = WeightsInfo.None;

    /// <summary>
    /// Saves the model as safetensors with everything needed to rebuild it: options, class names, preprocessing, and <paramref name="info"/>.
    /// Equal models give equal bytes; the file is written atomically.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="info">Information to store; <see cref="Info"/> if <see langword="null"/>.</param>
    /// <param name="precision">Precision of the kernels. Biases and batch norm are always stored in full precision: they are small, and statistics can exceed the range of 16 bits.</param>
    /// <exception cref="ArgumentException">A kernel has a value that does not fit in 16 bits, or a metric is not finite.</exception>
    /// <exception cref="InvalidOperationException">The model is on the meta device.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, WeightsInfo? info = null, WeightPrecision precision = WeightPrecision.Full)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!Enum.IsDefined(precision))
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "Expected Full or Half.");

        using var running = Access.Run(this);
        RequireValues();
        var tensors = WeightSlot.Of(Layers).Select(slot => new WeightTensor(
            slot.Name, slot.Shape, () => Values(slot), slot.Part == WeightPart.Kernel ? precision : WeightPrecision.Full)
        {
            Lend = this.TensorOf(slot) is { dtype: ScalarType.Float32, device_type: TorchSharp.DeviceType.CPU } tensor && tensor.is_contiguous()
                ? () => MemoryMarshal.Cast<byte, float>(tensor.bytes)
                : null,
        });
        SafetensorsFile.Write(path, tensors, WeightsMetadata.Write(NetworkOptions, ClassNames, info ?? Info));
    }

    /// <exception cref="InvalidOperationException">The model is on the meta device.</exception>
    private protected void RequireValues()
    {
        if (WeightSlot.Of(Layers).FirstOrDefault(slot => this.TensorOf(slot).device_type == TorchSharp.DeviceType.META) is { } slot)
            throw new InvalidOperationException($"The model cannot be saved: its tensor '{slot.Name}' is on the meta device, which has shapes but no values.");
    }

    private ReadOnlyMemory<float> Values(WeightSlot slot)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var tensor = this.TensorOf(slot).detach().to(float32).cpu().contiguous();
        return MemoryMarshal.Cast<byte, float>(tensor.bytes).ToArray();
    }
}
