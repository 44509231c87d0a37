using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Weights.Formats;
using static TorchSharp.torch;

namespace DeconvNet.Weights;

public static partial class StartWeights
{
    /// <summary>
    /// Starts the encoder from a VGG-16 that was trained on ImageNet, as the DeconvNet authors did, so that in evaluation mode it computes what the file's network does on the
    /// same pixels: the first kernel is rewritten where the model's preprocessing is another, fully connected layers become convolutions, and each batch norm is
    /// that of the file or does nothing. Files of the VGG group's Caffe, of torchvision (old and new, with or without batch norm), of timm, of Keras (as <c>.npz</c>), of FCN and
    /// of DeconvNets are understood, with or without fully connected layers.
    /// </summary>
    /// <param name="model">The network; changed in place. Its width must be that of the file.</param>
    /// <param name="path">The file; its content tells the format.</param>
    /// <param name="input">The preprocessing that the file was made for; <see langword="null"/> to tell it by the names: <see cref="Preprocessing.Torchvision"/> for
    /// <c>features.0</c>, what a DeconvNet's file says, else <see cref="Preprocessing.Vgg"/>.</param>
    /// <param name="allowPartial">Whether layers may be missing in the file; those of the network then stay as they are.</param>
    /// <returns>What was loaded and what was not. fc6 and fc7 are loaded where the model has their size (fc 4096 and input 224 for a published file), else kept.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, no VGG-16, of another width, or has a tensor of fc6's size under an unknown name; the message lists what is missing or of another
    /// shape, with both shapes. The model was not changed (it may be in part where packed values prove damaged only when they are read).</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    /// <remarks>
    /// Where the means differ, the rim of one pixel that zero padding touches sees another gray than in training: that alone is not exact. A model whose options have the
    /// file's own preprocessing needs no rewriting and has no such rim. A network of another width cannot be started exactly; <c>tools/vgg_start.py</c> picks channels for a
    /// narrower one.
    /// </remarks>
    public static LoadReport LoadVgg16(this SegmentationModel model, string path, Preprocessing? input = null, bool allowPartial = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        input?.Validate();
        using var file = WeightsFile.Open(path);
        return LoadFrom(model, file, input, allowPartial);
    }

    internal static LoadReport LoadFrom(SegmentationModel model, WeightsFile file, Preprocessing? input, bool allowPartial)
    {
        var tensors = new VggTensors(new NamedTensors(file));
        LayerSpec[] rows = [.. model.Layers.Where(row => row.Kind == LayerKind.Convolution)];
        VggLayer?[] layers = [.. rows.Select((row, i) => VggLayer.Find(file, tensors, i, row))];
        if (layers[^2] is null && !allowPartial && LikeFc6(rows, tensors.Unused) is { } other)
        {
            throw new InvalidDataException(
                $"{file.Name}: tensor '{StoredName.Show(other.Name)}' of shape {WeightShape.Text(other.Shape)} has the size of fc6 and an unknown name, so that fc6 and fc7 would stay as they are. "
                + "Rename it to fc6.weight, or allow a partial start.");
        }

        // fc7 reads what fc6 puts out: the one is of no use without the other. Layers of another size are the model's choice, not a fault of the file.
        ShapeMismatch[] misfits = [.. layers[^2..].SelectMany(layer => layer?.Misfits ?? [])];
        if (layers[^2] is not { IsWhole: true, Misfits.Count: 0 })
            layers[^2] = layers[^1] = null;
        else if (layers[^1] is not { IsWhole: true, Misfits.Count: 0 })
            layers[^1] = null;
        var missing = Check(rows, layers, file.Name, allowPartial);

        input ??= tensors.HasTorchvisionNames ? Preprocessing.Torchvision : tensors.Preprocessing ?? Preprocessing.Vgg;
        using (model.Access.Run(model))
        {
        }

        using var changing = model.Access.Change();
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        for (var i = 0; i < rows.Length; i++)
            layers[i]?.CopyTo(model, i == 0 ? input : null);
        return Report(model, WeightSlot.Of([.. rows.Where((_, i) => layers[i] is not null)]).ToArray(), tensors.Unused) with
        {
            Missing = missing,
            Mismatched = misfits,
            Preprocessing = input,
        };
    }

    /// <summary>Forgets layers without bias. Returns what the file lacks of the convolutions.</summary>
    private static List<string> Check(LayerSpec[] rows, VggLayer?[] layers, string source, bool allowPartial)
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

        List<ShapeMismatch> misfits = [.. layers.SelectMany(layer => layer?.Misfits ?? [])];
        var isTooLittle = missing.Count > 0 && !(allowPartial && missing.Count < VggTensors.Convolutions);
        if (!isTooLittle && misfits.Count == 0)
            return missing;
        var advice = misfits.Count > 0
            ? $" A network can be started only from one of its own width ({rows[0].OutChannels}); tools/vgg_start.py makes start weights for a narrower one, which LoadMatching loads."
            : " A file of some layers only is taken where allowPartial says so.";
        throw new InvalidDataException($"{source}: the encoder cannot be started from this file: {new LoadReport { Missing = isTooLittle ? missing : [], Mismatched = misfits }}.{advice}");
    }
}
