using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Weights.Formats;
using static TorchSharp.torch;

namespace DeconvNet.Weights;

/// <summary>
/// Initializes a network from the weights of another: by layer name, like Caffe (<see cref="LoadMatching"/>), or its encoder from a VGG-16 (<see cref="LoadVgg16"/>).
/// </summary>
public static partial class StartWeights
{
    /// <summary>
    /// Loads every tensor of a file that the network also has and keeps the others; names of wrapper modules are dropped, and kernels in Keras' layout are transposed. The
    /// kernels of fc6 and its deconvolution may come from a network with a different input size: they are resized bilinearly, so that a network can be trained on small
    /// crops first.
    /// </summary>
    /// <param name="model">The network; changed in place.</param>
    /// <param name="path">A file in any format that <see cref="WeightsFile"/> reads, for instance a <see cref="DeconvNetModel"/> for the encoder of an <see cref="FcnModel"/>, or just an encoder.
    /// Use <see cref="LoadVgg16"/> for VGG-16, whose input and fully connected layers differ.</param>
    /// <returns>What was loaded and what was not.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, a shape differs, no names match, or fc6 is missing while the file has a tensor of its size with an unknown name; the model is not changed then.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static LoadReport LoadMatching(this SegmentationModel model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        using var file = WeightsFile.Open(path);
        var tensors = new NamedTensors(file);
        var slots = WeightSlot.Of(model.Layers);
        var common = slots.Where(slot => tensors.Find(slot) is not null).ToArray();
        if (common.Length == 0)
        {
            var hint = VggTensors.LooksLikeOne(tensors) ? " It looks like a VGG-16: LoadVgg16 starts the encoder from it." : "";
            throw new InvalidDataException($"{path} has no tensor of the network's names (such as conv1_1.weight), so nothing can be started from it.{hint}");
        }

        var used = common.Select(slot => tensors.Find(slot)!.Value.Tensor).ToHashSet();
        StoredTensor[] unused = [.. file.Tensors.Where(tensor => !used.Contains(tensor))];
        if (common.All(slot => slot.Name != $"{LayerNames.Fc6}.weight") && LikeFc6(model.Layers, unused) is { } other)
            throw new InvalidDataException($"{path}: tensor '{StoredName.Show(other.Name)}' of shape {WeightShape.Text(other.Shape)} has the size of fc6's kernel and an unknown name, so that fc6 would stay as it is. Rename it to fc6.weight, or remove it from the file.");

        var values = new List<Tensor>();
        foreach (var slot in common)
        {
            var entry = tensors.Find(slot)!.Value.Floating(file);
            var shape = entry.ShapeFor(slot);
            var fits = shape.SequenceEqual(slot.Shape);
            var resizable = slot is { Part: WeightPart.Kernel, Row: { Padding: 0, Kind: LayerKind.Convolution or LayerKind.Deconvolution } };
            if (!fits && !(resizable && entry.Tensor.Count is > 0 and < int.MaxValue && shape.Count == 4 && shape.Take(2).SequenceEqual(slot.Shape.Take(2))))
                throw new InvalidDataException($"{path}: tensor '{StoredName.Show(entry.Tensor.Name)}' is {WeightShape.Text(shape)}; the network has {WeightShape.Text(slot.Shape)}.");
            var read = new float[entry.Tensor.Count];
            entry.Read(file, read);
            var source = tensor(read, [.. shape]);
            values.Add(fits ? source : nn.functional.interpolate(source, [slot.Shape[2], slot.Shape[3]], mode: InterpolationMode.Bilinear, align_corners: false));
        }

        using (model.Access.Run(model))
        {
        }

        using var changing = model.Access.Change();
        using var frozen = no_grad();
        foreach (var (slot, source) in common.Zip(values))
            model.TensorOf(slot).copy_(source);
        return Report(model, common, unused);
    }

    /// <summary>An unused tensor that can only be the kernel of fc6, by its number of inputs: those of a 7×7 map, or one of the model's size, in the last block of a VGG-16.</summary>
    private static StoredTensor? LikeFc6(IReadOnlyList<LayerSpec> rows, IEnumerable<StoredTensor> unused)
    {
        if (rows.FirstOrDefault(row => row.Name == LayerNames.Fc6) is not { } fc6)
            return null;

        // 3×3 kernels belong to other convolutions.
        return unused.FirstOrDefault(tensor => tensor.IsFloating && tensor.Count > 0 && tensor.Shape.Count > 1 && tensor.Shape[^1] != 3 && new[] { 7, fc6.Kernel }.Any(side =>
            side > 1 && (long)fc6.InChannels * side * side is var inputs && (tensor.Count / tensor.Shape[0] == inputs || tensor.Count / tensor.Shape[^1] == inputs)));
    }

    private static LoadReport Report(SegmentationModel model, IReadOnlyCollection<WeightSlot> loaded, IEnumerable<StoredTensor> unused)
    {
        var names = loaded.Select(slot => slot.Name).ToHashSet(StringComparer.Ordinal);
        string[] kept = [.. WeightSlot.Of(model.Layers).Select(slot => slot.Name).Where(name => !names.Contains(name))];
        return new()
        {
            Loaded = [.. WeightSlot.Of(model.Layers).Select(slot => slot.Name).Where(names.Contains)],
            Kept = kept,
            Missing = kept,
            Unexpected = [.. unused.Select(tensor => tensor.Name)],
        };
    }
}
