using DeconvNet.Architecture;
using DeconvNet.Networks;
using DeconvNet.Weights.Formats;
using static TorchSharp.torch;

namespace DeconvNet.Weights;

/// <summary>
/// Starts a network from another's weights by layer name, as Caffe does: tensors that both have are copied and must agree in shape,
/// those that only one has are left alone.
/// </summary>
public static class StartWeights
{
    /// <summary>
    /// Copies every tensor of a file that the model has too; prefixes of wrapping modules are dropped, kernels in Keras' layout are turned. The kernels of fc6 and of its deconvolution may come from a network of another
    /// input size: they are resized bilinearly, so that a network can be trained on small crops first.
    /// </summary>
    /// <param name="model">The network; changed in place.</param>
    /// <param name="path">A file of any format that <see cref="WeightsFile"/> reads, for instance of another <see cref="DeconvNetModel"/> for the encoder of an <see cref="FcnModel"/>, or of an encoder only;
    /// <see cref="VggWeights"/> is for those of VGG-16, whose input and fully connected layers are other than a DeconvNet's.</param>
    /// <returns>The names of the tensors that were copied, in the model's order.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, a shape differs, or no name is common; the model was not changed.</exception>
    public static IReadOnlyList<string> CopyTo(SegmentationModel model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        using var file = WeightsFile.Open(path);
        var tensors = new NamedTensors(file, path);
        var common = WeightSlot.Of(model.Layers).Where(slot => tensors.Find(slot) is not null).ToArray();
        if (common.Length == 0)
        {
            var hint = VggTensors.LooksLikeOne(tensors) ? " It looks like a VGG-16: VggWeights.Initialize starts the encoder from it." : "";
            throw new InvalidDataException($"{path} has no tensor of the network's names (such as conv1_1.weight), so nothing can be started from it.{hint}");
        }

        var values = new List<Tensor>();
        foreach (var slot in common)
        {
            var entry = tensors.Find(slot)!.Value;
            var shape = NamedTensors.ShapeFor(slot, entry);
            var fits = shape.SequenceEqual(slot.Shape);
            var resizable = slot is { Part: WeightPart.Kernel, Row: { Padding: 0, Kind: LayerKind.Convolution or LayerKind.Deconvolution } };
            tensors.ExpectFloating(entry.Tensor);
            if (!fits && !(resizable && entry.Tensor.Count is > 0 and < int.MaxValue && shape.Count == 4 && shape.Take(2).SequenceEqual(slot.Shape.Take(2))))
                throw new InvalidDataException($"{path}: tensor '{entry.Tensor.Name}' is {WeightShape.Text(shape)}; the network has {WeightShape.Text(slot.Shape)}.");
            var read = new float[entry.Tensor.Count];
            tensors.Read(entry, read);
            var source = tensor(read, [.. shape]);
            values.Add(fits ? source : nn.functional.interpolate(source, [slot.Shape[2], slot.Shape[3]], mode: InterpolationMode.Bilinear, align_corners: false));
        }

        using var frozen = no_grad();
        foreach (var (slot, source) in common.Zip(values))
            model.TensorOf(slot).copy_(source);
        return [.. common.Select(slot => slot.Name)];
    }
}
