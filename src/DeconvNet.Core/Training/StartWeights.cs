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
        var common = model.named_parameters().Select(entry => (entry.name, value: (Tensor)entry.parameter))
            .Concat(model.named_buffers().Where(entry => entry.buffer.is_floating_point()).Select(entry => (entry.name, value: entry.buffer)))
            .Where(entry => file.Find(entry.name) is not null)
            .ToArray();
        if (common.Length == 0)
            throw new InvalidDataException($"{path} has no tensor of the network's names (such as conv1_1.weight), so nothing can be started from it.");

        var resizable = model.Layers.Where(row => row.HasWeights && row.Kernel == model.Options.InputSize / 32)
            .Select(row => LayerNames.ToModuleName(row.Name) + ".weight")
            .ToHashSet(StringComparer.Ordinal);
        var values = new List<Tensor>();
        foreach (var (name, value) in common)
        {
            var entry = file.Find(name)!;
            var fits = entry.Shape.SequenceEqual(value.shape);
            if (!fits && !(resizable.Contains(name) && entry.Shape.Count == 4 && entry.Shape.Take(2).SequenceEqual(value.shape.Take(2))))
                throw new InvalidDataException($"{path}: tensor '{name}' is [{string.Join(", ", entry.Shape)}]; the network has [{string.Join(", ", value.shape)}].");
            var read = new float[entry.Count];
            file.Read(entry, read);
            var source = tensor(read, [.. entry.Shape]);
            values.Add(fits ? source : nn.functional.interpolate(source, [value.shape[2], value.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false));
        }

        using var frozen = no_grad();
        foreach (var ((_, value), source) in common.Zip(values))
            value.copy_(source);
        return [.. common.Select(entry => entry.name)];
    }
}
