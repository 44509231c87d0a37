using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Networks;
using DeconvNet.Weights.Formats;
using static TorchSharp.torch;

namespace DeconvNet.Weights;

public static partial class StartWeights
{
    /// <summary>
    /// Initializes the encoder from a VGG-16 trained on ImageNet, as the DeconvNet authors did, so that in evaluation mode it gives the same output as the file's network for the
    /// same pixels: the first kernel is converted if the preprocessing differs, fully connected layers become convolutions, and each batch norm is
    /// that of the file or the identity. Supports files of the VGG group's Caffe, torchvision (old and new, with or without batch norm), timm, Keras (as <c>.npz</c>), FCN and
    /// DeconvNet, with or without fully connected layers.
    /// </summary>
    /// <param name="model">The network; changed in place. Its width must match the file.</param>
    /// <param name="path">The file, in any supported format.</param>
    /// <param name="input">The preprocessing of the file's network; <see langword="null"/> to infer it: <see cref="Preprocessing.Torchvision"/> for
    /// names like <c>features.0</c>, the stored one for a DeconvNet file, otherwise <see cref="Preprocessing.Vgg"/>.</param>
    /// <param name="allowPartial">Whether layers may be missing in the file; the network keeps its own then.</param>
    /// <returns>What was loaded and what was not. fc6 and fc7 are loaded if the model has the same size (fc 4096 and input 224 for a published file).</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, not a VGG-16, of a different width, or has a tensor of the size of fc6 with an unknown name; the message lists missing
    /// and mismatched tensors with both shapes. The model is not changed, except partly if compressed values turn out to be damaged while they are read.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    /// <remarks>
    /// If the means differ, the zero padding around the image is a different gray than in training, so the border of one pixel is not exact. A model with the preprocessing of the
    /// file needs no conversion and is exact everywhere. A network of a different width cannot be initialized exactly; <c>tools/vgg_start.py</c> selects channels for a
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

        // fc7 reads the output of fc6, so one is useless without the other. A different size is the model's choice, not an error of the file.
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

    /// <summary>Drops layers without bias. Returns what the file lacks of the convolutions.</summary>
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
