using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>
/// A file that holds tensors and says nothing of its network, such as the authors' caffemodel or a PyTorch checkpoint: the names and shapes tell
/// the network. What batch norm lacks is put in so that it computes what the file's form means.
/// </summary>
internal sealed class InferredSource : IWeightSource<DeconvNetOptions>
{
    private readonly NamedTensors tensors;
    private readonly Dictionary<string, (StoredTensor Tensor, WeightName Name)> found = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<long>> shapes = new(StringComparer.Ordinal);

    /// <param name="file">The file; disposed by its owner.</param>
    /// <param name="source">How errors call it.</param>
    /// <param name="batchNorm">What a batch norm without statistics means.</param>
    /// <param name="preprocessing">How pixels become input; <see langword="null"/> for the habit of the network.</param>
    /// <exception cref="InvalidDataException">The file is for no DeconvNet.</exception>
    public InferredSource(WeightsFile file, string source, CaffeBatchNorm batchNorm, Preprocessing? preprocessing)
    {
        tensors = new NamedTensors(file, source);
        var options = InferOptions(source, preprocessing);
        var slots = WeightSlot.Of(LayerTable.Create(options));
        var hasAffine = Has(slots, WeightPart.Scale) || Has(slots, WeightPart.Shift);
        var hasStatistics = Has(slots, WeightPart.RunningMean) || Has(slots, WeightPart.RunningVariance);
        if (hasStatistics)
            options = options with { BatchNormEpsilon = tensors.NormEpsilon };

        // Without any batch norm the file has it folded into kernels and biases: those need their bias, and the norm does nothing.
        if (!hasAffine && !hasStatistics)
            options = options with { ConvBias = true };
        Options = options;
        NeedsStatistics = batchNorm == CaffeBatchNorm.Unfolded && hasAffine && !hasStatistics;
        FindShapes(WeightSlot.Of(LayerTable.Create(options)), hasAffine, hasStatistics);
        foreach (var (tensor, _) in found.Values)
            tensors.ExpectFloating(tensor);
        Info = file.Format == WeightsFormat.Caffemodel
            ? new() { Name = file.Metadata.GetValueOrDefault("name") }
            : new() { Notes = preprocessing is null ? $"The file does not say how pixels become input; {options.Preprocessing} is assumed." : null };
    }

    public DeconvNetOptions Options { get; }

    public IReadOnlyList<string>? ClassNames => null;

    public WeightsInfo Info { get; }

    public bool NeedsStatistics { get; }

    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes => shapes;

    public void Read(string name, Span<float> values)
    {
        if (found.TryGetValue(name, out var entry))
            tensors.Read(entry, values);
        else
            values.Fill(name.EndsWith(".running_var", StringComparison.Ordinal) || name.EndsWith(".weight", StringComparison.Ordinal) ? 1 : 0);
    }

    private bool Has(IEnumerable<WeightSlot> slots, WeightPart part) => slots.Any(slot => slot.Part == part && tensors.Find(slot) is not null);

    private DeconvNetOptions InferOptions(string source, Preprocessing? preprocessing)
    {
        // The names of the two habits are the same but for these.
        var keras = LayerNames.For(LayerNaming.Keras);
        var naming = tensors.Contains($"{keras.Score}.weight") && tensors.Contains($"{WeightName.Normalize(keras.Fc6Deconvolution)}.weight") ? LayerNaming.Keras : LayerNaming.Authors;
        var names = LayerNames.For(naming);
        var preset = naming == LayerNaming.Keras ? DeconvNetOptions.KerasVariant : DeconvNetOptions.Paper;
        var first = ShapeOf(names.Convolution(1, 1));
        var bottom = ShapeOf(LayerNames.Fc6);
        var score = ShapeOf(names.Score);
        try
        {
            var options = preset with
            {
                Width = checked((int)first[0]),
                FcChannels = checked((int)bottom[0]),
                InputSize = checked((int)bottom[3] * 32),
                ClassCount = checked((int)score[0]),
                ConvBias = tensors.Contains($"{WeightName.Normalize(names.Convolution(1, 1))}.bias"),
                Preprocessing = preprocessing ?? preset.Preprocessing,
            };
            options.Validate();
            return options;
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"{source}: the shapes are not those of a DeconvNet: {error.Message}", error);
        }

        IReadOnlyList<long> ShapeOf(string layer)
        {
            if (tensors.Find($"{WeightName.Normalize(layer)}.weight") is not { } entry)
            {
                var hint = VggTensors.LooksLikeOne(tensors) ? " It looks like a VGG-16: VggWeights.Initialize starts the encoder of a network from it." : "";
                throw new InvalidDataException(
                    $"{source}: this is not a DeconvNet: layer '{layer}' with weights is missing among the {tensors.File.Tensors.Count} tensors ({Examples()}).{hint}");
            }

            var shape = NamedTensors.LayoutOf(entry).Shape;
            return shape.Count == 4
                ? shape
                : throw new InvalidDataException($"{source}: the weights of layer '{layer}' have the shape {WeightShape.Text(shape)}; expected were four sides.");
        }
    }

    private string Examples() => string.Join(", ", tensors.File.Tensors.Take(5).Select(tensor => StoredName.Show(tensor.Name)).Append(tensors.File.Tensors.Count > 5 ? "…" : "").Where(name => name.Length > 0));

    private void FindShapes(IReadOnlyList<WeightSlot> slots, bool hasAffine, bool hasStatistics)
    {
        foreach (var tensor in tensors.Others.Concat(tensors.All.Select(entry => entry.Tensor)))
            shapes[tensor.Name] = tensor.Shape;
        foreach (var slot in slots)
        {
            if (tensors.Find(slot) is { } entry)
            {
                shapes.Remove(entry.Tensor.Name);
                found.Add(slot.Name, entry);
            }
        }

        foreach (var slot in slots)
        {
            if (found.TryGetValue(slot.Name, out var entry))
                shapes[slot.Name] = NamedTensors.ShapeFor(slot, entry);
            else if ((slot.Part is WeightPart.RunningMean or WeightPart.RunningVariance && !hasStatistics) || (slot.Part is WeightPart.Scale or WeightPart.Shift && !hasAffine))
                shapes[slot.Name] = slot.Shape;
        }
    }
}
