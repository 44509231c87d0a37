using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>
/// An FCN in a file that says nothing of its network, such as the authors' caffemodels: the names and shapes tell it. Their newer prototxts and their older
/// ones (<c>fcn-8s-pascal</c>) name the upsampling layers differently.
/// </summary>
internal sealed class FcnSource : IWeightSource<FcnOptions>
{
    private readonly NamedTensors tensors;
    private readonly string source;
    private readonly Dictionary<string, (StoredTensor Tensor, WeightName Name)> found = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<long>> shapes = new(StringComparer.Ordinal);

    /// <param name="file">The file; disposed by its owner.</param>
    /// <param name="source">How errors call it.</param>
    /// <param name="preprocessing">How pixels become input; <see langword="null"/> for Caffe's.</param>
    /// <exception cref="InvalidDataException">The file is for no FCN.</exception>
    public FcnSource(WeightsFile file, string source, Preprocessing? preprocessing)
    {
        this.source = source;
        tensors = new NamedTensors(file, source);
        Options = InferOptions(preprocessing ?? Preprocessing.Caffe);
        foreach (var tensor in file.Tensors)
            shapes[tensor.Name] = tensor.Shape;
        foreach (var slot in WeightSlot.Of(FcnLayerTable.Create(Options)))
        {
            if ((tensors.Find(slot) ?? tensors.Find($"{OlderName(slot.Row.Name)}.weight")) is not { } entry)
                continue;
            tensors.ExpectFloating(entry.Tensor);
            shapes.Remove(entry.Tensor.Name);
            shapes[slot.Name] = NamedTensors.ShapeFor(slot, entry);
            found.Add(slot.Name, entry);
        }

        if (Options.AtOnce)
            TakeScales();
        Info = file.Format == WeightsFormat.Caffemodel
            ? new() { Name = file.Metadata.GetValueOrDefault("name") }
            : new() { Notes = preprocessing is null ? $"The file does not say how pixels become input; {Options.Preprocessing} is assumed." : null };
    }

    public FcnOptions Options { get; }

    public IReadOnlyList<string>? ClassNames => null;

    public WeightsInfo Info { get; }

    public bool NeedsStatistics => false;

    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes => shapes;

    public void Read(string name, Span<float> values) => tensors.Read(found[name], values);

    private static string OlderName(string layer) => layer switch
    {
        "upscore2" => "score2",
        "upscore_pool4" => "score4",
        "upscore8" or "upscore16" or "upscore" => "upsample",
        _ => layer,
    };

    private FcnOptions InferOptions(Preprocessing preprocessing)
    {
        var (first, fc6, score) = (KernelShape("conv1_1"), KernelShape(LayerNames.Fc6), KernelShape("score_fr"));
        try
        {
            var options = new FcnOptions
            {
                Stride = tensors.Contains("score_pool3.weight") ? FcnStride.Eight : tensors.Contains("score_pool4.weight") ? FcnStride.Sixteen : FcnStride.ThirtyTwo,
                Width = checked((int)first[0]),
                FcChannels = checked((int)fc6[0]),
                Fc6Kernel = checked((int)fc6[3]),
                ClassCount = checked((int)score[0]),
                AtOnce = tensors.Contains("scale_pool4.weight"),
                Preprocessing = preprocessing,
            };
            options.Validate();
            return options;
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"{source}: the shapes are not those of an FCN as published: {error.Message}", error);
        }
    }

    private IReadOnlyList<long> KernelShape(string layer)
    {
        if (tensors.Find($"{layer}.weight") is not { } entry)
        {
            var hint = VggTensors.LooksLikeOne(tensors) ? " It looks like a VGG-16: VggWeights.Initialize starts the encoder of a network from it." : "";
            throw new InvalidDataException($"{source}: this is not an FCN: layer '{layer}' with weights is missing among the {tensors.File.Tensors.Count} tensors.{hint}");
        }

        var shape = NamedTensors.LayoutOf(entry).Shape;
        return shape.Count == 4
            ? shape
            : throw new InvalidDataException($"{source}: the weights of layer '{layer}' have the shape {WeightShape.Text(shape)}; expected were four sides.");
    }

    /// <summary>The scales of the at-once form are constants of the network, which the file repeats for each channel.</summary>
    private void TakeScales()
    {
        foreach (var skip in FcnSkip.Of(Options.Stride))
        {
            if (tensors.Find($"scale_{skip.Pooling}.weight") is not { } entry)
                throw new InvalidDataException($"{source}: layer 'scale_{skip.Pooling}' is missing, while scale_pool4 is there.");
            tensors.ExpectFloating(entry.Tensor);
            var values = new float[entry.Tensor.Count];
            tensors.Read(entry, values);
            if (Array.FindIndex(values, value => Math.Abs(value - skip.AtOnceScale) > 1e-6 * skip.AtOnceScale) is var wrong and >= 0)
                throw new InvalidDataException($"{source}: tensor '{entry.Tensor.Name}' holds {values[wrong]} at {wrong}; expected was {skip.AtOnceScale} everywhere, as published.");
            shapes.Remove(entry.Tensor.Name);
        }
    }
}
