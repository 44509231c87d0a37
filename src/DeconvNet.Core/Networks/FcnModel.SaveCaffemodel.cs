using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights;
using static TorchSharp.torch;

namespace DeconvNet.Networks;

public sealed partial class FcnModel
{
    /// <summary>
    /// Saves the model like Caffe, with the layers of the published <c>voc-fcn8s</c> (<c>voc-fcn16s</c>, <c>voc-fcn32s</c>, <c>voc-fcn8s-atonce</c>). The format cannot store
    /// class names; <see cref="SegmentationModel.Save"/> keeps everything. The file is written atomically.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <exception cref="InvalidOperationException">The format cannot represent the network: it has batch norm, or padding, fc6 or preprocessing differ from the
    /// published network; or it takes 2 GB or more.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveCaffemodel(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var running = Access.Run(this);
        RequireValues();
        if (Fault() is { } fault)
            throw new InvalidOperationException($"This model cannot be saved as a caffemodel: {fault}");

        var message = new FcnCaffeNet(Options, WriteValues).Make(Info.Name ?? $"fcn{(int)Options.Stride}s", Layers);
        if (message.Length > int.MaxValue)
            throw new InvalidOperationException($"This model cannot be saved as a caffemodel: it would have {message.Length} bytes; readers of protocol buffers take {int.MaxValue} at most.");
        AtomicFile.Write(path, message.WriteTo);
    }

    private string? Fault()
    {
        var published = FcnOptions.Fcn8s;
        if (Options.BatchNorm)
            return "it has batch norm; the published network has none.";
        if ((Options.InputPadding, Options.Fc6Kernel, Options.Fc6Padding) != (published.InputPadding, published.Fc6Kernel, published.Fc6Padding))
            return $"its padding is {Options.InputPadding}, its fc6 of {Options.Fc6Kernel}×{Options.Fc6Kernel} with padding {Options.Fc6Padding}; published are {published.InputPadding}, 7×7 and 0.";
        return Preprocessing == Preprocessing.Caffe
            ? null
            : $"its input is {Preprocessing}; the format does not say so, and its readers prepare the authors' input, {Preprocessing.Caffe}.";
    }

    private void WriteValues(WeightSlot slot, Stream stream)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        stream.Write(this.TensorOf(slot).detach().to(float32).cpu().contiguous().bytes);
    }
}
