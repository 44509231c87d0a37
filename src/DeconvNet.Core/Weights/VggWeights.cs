using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Weights.Formats;
using static TorchSharp.torch;

namespace DeconvNet.Weights;

/// <summary>
/// Starts the encoder of a network from a VGG-16 that was trained on ImageNet, as the DeconvNet authors did. Files of the VGG group's Caffe, of
/// torchvision (with or without batch norm), of Keras (as <c>.npz</c>), of FCN and of DeconvNets are understood, with or without fully connected layers.
/// </summary>
public static class VggWeights
{
    /// <summary>
    /// Copies the layers of the file so that the encoder, in evaluation mode, computes what the file's network does on the same pixels: the first kernel is
    /// rewritten for the model's own preprocessing (order of channels, scale, means), fully connected layers become convolutions, and each batch norm is
    /// that of the file or does nothing.
    /// </summary>
    /// <param name="model">The network; changed in place. Its width must be that of the file.</param>
    /// <param name="path">The file; its content tells the format.</param>
    /// <param name="input">What pixels the file was made for; <see langword="null"/> to tell it by the names: <see cref="VggInput.Torchvision"/> for torchvision's
    /// <c>features.0</c>, what a DeconvNet's file says, else <see cref="VggInput.Caffe"/>.</param>
    /// <param name="allowPartial">Whether convolutions may be missing in the file; those of the network then stay as they are.</param>
    /// <returns>What was copied and what was not. fc6 and fc7 are copied where the model has their size (fc 4096 and input 224 for a published file), else kept.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, no VGG-16, or of another width; the message lists what is missing or of another shape, with both
    /// shapes. The model was not changed (it may be in part where packed values prove damaged only when they are read).</exception>
    /// <remarks>
    /// Where the means differ, the rim of one pixel that zero padding touches sees another gray than in training: that alone is not exact. In a model without
    /// biases they go into the running mean of the batch norm; training by batches cancels them either way. A network of another width cannot be
    /// started exactly; <c>tools/vgg_start.py</c> picks channels for a narrower one.
    /// </remarks>
    public static VggStart Initialize(SegmentationModel model, string path, VggInput? input = null, bool allowPartial = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (input is { } given && !Enum.IsDefined(given))
            throw new ArgumentOutOfRangeException(nameof(input), input, "Expected is Caffe or Torchvision.");
        using var file = WeightsFile.Open(path);
        return Initialize(model, file, path, input, allowPartial);
    }

    internal static VggStart Initialize(SegmentationModel model, WeightsFile file, string source, VggInput? input, bool allowPartial)
    {
        var tensors = new VggTensors(new NamedTensors(file, source), source);
        LayerSpec[] rows = [.. model.Layers.Where(row => row.Kind == LayerKind.Convolution)];
        VggLayer?[] layers = [.. rows.Select((row, i) => VggLayer.Find(file, tensors, i, row))];

        // fc7 reads what fc6 puts out: the one is of no use without the other. Layers of another size are the model's choice, not a fault of the file.
        if (layers[^2] is not { IsWhole: true, Misfits.Count: 0 })
            layers[^2] = layers[^1] = null;
        else if (layers[^1] is not { IsWhole: true, Misfits.Count: 0 })
            layers[^1] = null;
        Check(rows, layers, model, source, allowPartial);

        var (scale, name) = (input, tensors) switch
        {
            ({ } given, _) => (InputScale.Of(given), given.ToString()),
            (_, { HasTorchvisionNames: true }) => (InputScale.Of(VggInput.Torchvision), nameof(VggInput.Torchvision)),
            (_, { Preprocessing: { } stated }) => (InputScale.Of(stated), stated.ToString()),
            _ => (InputScale.Of(VggInput.Caffe), nameof(VggInput.Caffe)),
        };
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        for (var i = 0; i < rows.Length; i++)
            layers[i]?.CopyTo(model, i == 0 ? scale : null);
        return new(
            [.. rows.Where((_, i) => layers[i] is not null).Select(row => row.Name)],
            [.. rows.Where((_, i) => layers[i] is null).Select(row => row.Name)],
            tensors.Unused,
            name);
    }

    private static void Check(LayerSpec[] rows, VggLayer?[] layers, SegmentationModel model, string source, bool allowPartial)
    {
        List<string> missing = [];
        for (var i = 0; i < VggTensors.Convolutions; i++)
        {
            if (layers[i] is { IsWhole: true })
                continue;
            missing.Add($"{rows[i].Name} ({(layers[i] is null ? "kernel and bias" : "bias")})");
            if (layers[i] is { Misfits.Count: 0 })
                layers[i] = null;
        }

        List<(string, IReadOnlyList<long>, IReadOnlyList<long>)> misfits = [.. layers.Where(layer => layer is not null).SelectMany(layer => layer!.Misfits)];
        var report = new WeightsReport(allowPartial && missing.Count < VggTensors.Convolutions ? [] : missing, [], misfits);
        if (report.IsClean)
            return;
        var advice = misfits.Count > 0
            ? $" A network can be started only from one of its own width ({model.Layers[0].OutChannels}); tools/vgg_start.py makes start weights for a narrower one, StartWeights.CopyTo loads them."
            : " A file of some layers only is taken where allowPartial says so.";
        throw new InvalidDataException($"{source}: the encoder cannot be started from this file: {report}.{advice}");
    }
}
