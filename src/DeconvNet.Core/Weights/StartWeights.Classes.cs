using DeconvNet.Architecture;
using DeconvNet.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace DeconvNet.Weights;

public static partial class StartWeights
{
    /// <summary>
    /// Creates a network of the same shape for different classes, with the weights of this one except for the score layers, which keep the weights of
    /// classes with the same name, such as "person", and are freshly initialized for the others. This is the starting point for fine-tuning on your own data.
    /// </summary>
    /// <param name="model">The trained network; it is neither changed nor disposed.</param>
    /// <param name="classNames">Class names by id, background first; 2 to 255.</param>
    /// <returns>The network, on the same device; the caller disposes it. Its <see cref="SegmentationModel.LoadReport"/> lists what was kept.</returns>
    /// <example><code>
    /// using var trained = CompactWeights.DeconvNet.LoadModel();
    /// using var model = trained.WithClasses(data.ClassNames);
    /// </code></example>
    /// <exception cref="ArgumentException">There are fewer than 2 names or more than 255, or two are equal.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static DeconvNetModel WithClasses(this DeconvNetModel model, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(model);
        var names = Distinct(classNames);
        return Started(model, new DeconvNetModel(model.Options with { ClassCount = names.Length }, names));
    }

    /// <inheritdoc cref="WithClasses(DeconvNetModel, IReadOnlyList{string})"/>
    public static FcnModel WithClasses(this FcnModel model, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(model);
        var names = Distinct(classNames);
        return Started(model, new FcnModel(model.Options with { ClassCount = names.Length }, names));
    }

    private static string[] Distinct(IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        return classNames.Distinct(StringComparer.Ordinal).Count() == classNames.Count
            ? [.. classNames]
            : throw new ArgumentException($"Two of the classes have the same name: {string.Join(", ", classNames)}.", nameof(classNames));
    }

    private static TModel Started<TModel>(TModel source, TModel target)
        where TModel : SegmentationModel
    {
        try
        {
            using var running = source.Access.Run(source);
            using var frozen = no_grad();
            var device = source.parameters().First().device;
            if (device.type != DeviceType.CPU)
                target.to(device);
            target.LoadReport = CopyWeights(source, target);

            // The calibration was measured for the old classes.
            target.Info = target.Info with { Inference = source.Info.Inference with { Temperature = null, MinRegionConfidence = null } };
            target.train(source.training);
            return target;
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    private static LoadReport CopyWeights(SegmentationModel source, SegmentationModel target)
    {
        var stored = WeightSlot.Of(source.Layers).ToDictionary(slot => slot.Name, StringComparer.Ordinal);
        List<string> loaded = [], kept = [];
        var mismatched = new List<ShapeMismatch>();
        foreach (var slot in WeightSlot.Of(target.Layers))
        {
            using var scope = NewDisposeScope();
            var (from, to) = (source.TensorOf(stored[slot.Name]), target.TensorOf(slot));
            if (slot.Row.Kind is not (LayerKind.Score or LayerKind.Upsampling))
            {
                to.copy_(from);
                loaded.Add(slot.Name);
                continue;
            }

            kept.Add(slot.Name);
            if (!from.shape.SequenceEqual(to.shape))
                mismatched.Add(new ShapeMismatch(slot.Name, to.shape, from.shape));
            for (var id = 0; slot.Row.Kind == LayerKind.Score && id < target.ClassNames.Count; id++)
            {
                if (source.ClassNames.ToList().IndexOf(target.ClassNames[id]) is >= 0 and var old)
                    to[id].copy_(from[old]);
            }
        }

        return new LoadReport { Loaded = loaded, Kept = kept, Mismatched = mismatched };
    }
}
