using DeconvNet.Networks;
using DeconvNet.Weights;
using static TorchSharp.torch;

namespace DeconvNet.Training;

/// <summary>
/// Starts a network from another's weights by layer name, as Caffe does: tensors that both have are copied and must agree in shape,
/// those that only one has are left alone.
/// </summary>
public static class StartWeights
{
    /// <summary>
    /// Copies every tensor of a safetensors file that the model has too. The kernels of fc6 and of its deconvolution may come from a network of another
    /// input size: they are resized bilinearly, so that a network can be trained on small crops first.
    /// </summary>
    /// <param name="model">The network; changed in place.</param>
    /// <param name="path">A safetensors file, for instance of another <see cref="DeconvNetModel"/>, or of an encoder only.</param>
    /// <returns>The names of the tensors that were copied, in the model's order.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, a shape differs, or no name is common; the model was not changed.</exception>
    public static IReadOnlyList<string> CopyTo(DeconvNetModel model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(path);
        var common = WeightSlot.Of(model.Layers).Where(slot => file.Find(slot.Name) is not null).ToArray();
        if (common.Length == 0)
            throw new InvalidDataException($"{path} has no tensor of the network's names (such as conv1_1.weight), so nothing can be started from it.");

        var values = new List<Tensor>();
        foreach (var slot in common)
        {
            var entry = file.Find(slot.Name)!;
            var fits = entry.Shape.SequenceEqual(slot.Shape);
            var resizable = slot is { Part: WeightPart.Kernel, Row: { Padding: 0, Kind: LayerKind.Convolution or LayerKind.Deconvolution } };
            if (!entry.Type.IsFloating())
                throw new InvalidDataException($"{path}: tensor '{slot.Name}' has the type {entry.Type.Code()}; expected was a floating type.");
            if (!fits && !(resizable && entry.Count > 0 && entry.Shape.Count == 4 && entry.Shape.Take(2).SequenceEqual(slot.Shape.Take(2))))
                throw new InvalidDataException($"{path}: tensor '{slot.Name}' is {WeightShape.Text(entry.Shape)}; the network has {WeightShape.Text(slot.Shape)}.");
            var read = new float[entry.Count];
            file.Read(entry, read);
            var source = tensor(read, [.. entry.Shape]);
            values.Add(fits ? source : nn.functional.interpolate(source, [slot.Shape[2], slot.Shape[3]], mode: InterpolationMode.Bilinear, align_corners: false));
        }

        using var frozen = no_grad();
        foreach (var (slot, source) in common.Zip(values))
            slot.In(model).copy_(source);
        return [.. common.Select(slot => slot.Name)];
    }
}
