using System.Globalization;
using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

public sealed partial class DeconvNetModel
{
    private const double EpsilonOfCaffe = 1e-9;

    /// <summary>
    /// Saves the model like the authors' Caffe (<c>NetParameter</c> with <c>layers</c>, 32-bit values), for their tools and for <see cref="Load(string, CaffeBatchNorm, Imaging.Preprocessing?)"/>.
    /// The format cannot store class names, and of <see cref="SegmentationModel.Info"/> only the name; <see cref="SegmentationModel.Save"/> keeps everything.
    /// The file is written atomically; only tensors that are folded or on another device are copied in memory.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="batchNorm">
    /// <see cref="CaffeBatchNorm.Folded"/>: an inference model, with the population statistics folded into scale and shift.
    /// <see cref="CaffeBatchNorm.Unfolded"/>: a training snapshot, scale and shift as they are and no statistics.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// The format cannot represent the network: layer names or preprocessing differ from the authors', or it has softmax output;
    /// it is in training mode and batch norm is to be folded; it is to be saved unfolded and its epsilon is not 1e-9; or it takes 2 GB or more.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveCaffemodel(string path, CaffeBatchNorm batchNorm = CaffeBatchNorm.Folded)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!Enum.IsDefined(batchNorm))
            throw new ArgumentOutOfRangeException(nameof(batchNorm), batchNorm, "Expected Folded or Unfolded.");
        using var running = Access.Run(this);
        RequireValues();
        if (Fault(batchNorm) is { } fault)
            throw new InvalidOperationException($"This model cannot be saved as a caffemodel: {fault}");

        var net = new CaffeNet(batchNorm, (slot, stream) => WriteValues(slot, batchNorm, stream));
        var message = net.Make(Info.Name ?? "DeconvNet", Layers);
        if (message.Length > int.MaxValue)
            throw new InvalidOperationException($"This model cannot be saved as a caffemodel: it would have {message.Length} bytes; readers of protocol buffers take {int.MaxValue} at most.");
        AtomicFile.Write(path, message.WriteTo);
    }

    private string? Fault(CaffeBatchNorm batchNorm)
    {
        if (Options.Naming != LayerNaming.Authors)
            return $"its layers have the names of {nameof(LayerNaming)}.{Options.Naming}; the format knows those of the authors.";
        if (Options.SoftmaxOutput)
            return "its output is probabilities; that of the authors' network is logits.";
        if (Preprocessing != Preprocessing.Caffe)
            return $"its input is {Preprocessing}; the format does not say so, and its readers prepare the authors' input, {Preprocessing.Caffe}.";
        if (batchNorm == CaffeBatchNorm.Folded && training)
            return "it is in training mode, in which batch norm normalizes by the batch. Call eval() where its population statistics are measured, or save it with CaffeBatchNorm.Unfolded.";
        return batchNorm == CaffeBatchNorm.Unfolded && Options.BatchNormEpsilon != EpsilonOfCaffe
            ? string.Create(CultureInfo.InvariantCulture, $"its batch norm adds {Options.BatchNormEpsilon} to variances; the authors' Caffe adds {EpsilonOfCaffe}. Save it with CaffeBatchNorm.Folded.")
            : null;
    }

    private void WriteValues(WeightSlot slot, CaffeBatchNorm batchNorm, Stream stream)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var values = this.TensorOf(slot);
        if (batchNorm == CaffeBatchNorm.Folded && slot.Part is (WeightPart.Scale or WeightPart.Shift))
        {
            var (scale, shift) = FoldedBatchNorm.Of(BatchNorm(slot.Row), Options.BatchNormEpsilon);
            values = slot.Part == WeightPart.Scale ? scale : shift;
        }

        stream.Write(values.detach().to(float32).cpu().contiguous().bytes);
    }
}
