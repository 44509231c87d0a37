using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>
/// An opened weights file as the weights of a network: which network it is for, and the values of each of its tensors. Files of ours say it, of others the
/// names and shapes tell it.
/// </summary>
internal sealed class NetworkWeights
{
    private readonly WeightsFile file;
    private readonly Dictionary<string, NamedTensor> found = new(StringComparer.Ordinal);

    private NetworkWeights(WeightsFile file, INetworkOptions options, WeightsInfo info)
    {
        this.file = file;
        Options = options;
        Info = info;
        Slots = WeightSlot.Of(options.MakeRows());
    }

    /// <summary>The network, checked.</summary>
    public INetworkOptions Options { get; }

    /// <summary>The tensors of the network.</summary>
    public IReadOnlyList<WeightSlot> Slots { get; }

    /// <summary>Names by class id; <see langword="null"/> where the format stores none.</summary>
    public IReadOnlyList<string>? ClassNames { get; private init; }

    public WeightsInfo Info { get; }

    /// <summary>Whether the model lacks population statistics and so belongs in training mode.</summary>
    public bool NeedsStatistics { get; private init; }

    /// <summary>What loading will do.</summary>
    public LoadReport Report { get; private set; } = new();

    /// <summary>Why the file cannot be loaded; <see langword="null"/> if it can.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The weights of whatever network the file is for.</summary>
    /// <exception cref="InvalidDataException">What the file says of its network is damaged, or it is for none.</exception>
    public static NetworkWeights Open(WeightsFile file)
    {
        var isFcn = WeightsMetadata.IsIn(file) ? WeightsMetadata.IsForFcn(file.Metadata) : new NamedTensors(file).Contains("score_fr.weight");
        return isFcn ? OpenFcn(file, preprocessing: null) : OpenDeconvNet(file, CaffeBatchNorm.Folded, preprocessing: null);
    }

    /// <summary>The weights of a DeconvNet.</summary>
    /// <param name="file">The file; it stays its owner's.</param>
    /// <param name="batchNorm">What a batch norm without statistics means.</param>
    /// <param name="preprocessing">How pixels become input, for a file that does not say; <see langword="null"/> for the default of the network.</param>
    /// <exception cref="InvalidDataException">What the file says of its network is damaged, or it is for no DeconvNet.</exception>
    /// <exception cref="ArgumentException">A preprocessing is given for a file that says its own.</exception>
    public static NetworkWeights OpenDeconvNet(WeightsFile file, CaffeBatchNorm batchNorm, Preprocessing? preprocessing)
    {
        if (WeightsMetadata.IsIn(file))
            return OpenOwn<DeconvNetOptions>(file, preprocessing);
        var tensors = new NamedTensors(file);
        var options = InferredNetwork.DeconvNet(tensors, preprocessing);
        var slots = WeightSlot.Of(LayerTable.Create(options));
        var hasAffine = Has(WeightPart.Scale) || Has(WeightPart.Shift);
        var hasStatistics = Has(WeightPart.RunningMean) || Has(WeightPart.RunningVariance);
        if (hasStatistics)
            options = options with { BatchNormEpsilon = tensors.NormEpsilon };

        // Without any batch norm the file has it folded into kernels and biases: those need their bias, and the norm does nothing.
        if (!hasAffine && !hasStatistics)
            options = options with { ConvBias = true };
        var weights = new NetworkWeights(file, options, InferredNetwork.Info(file, options, preprocessing)) { NeedsStatistics = batchNorm == CaffeBatchNorm.Unfolded && hasAffine && !hasStatistics };
        weights.Take(tensors, tensors.Find, slot => slot.Part switch
        {
            WeightPart.Scale or WeightPart.Shift => !hasAffine,
            WeightPart.RunningMean or WeightPart.RunningVariance => !hasStatistics,
            _ => false,
        });
        return weights;

        bool Has(WeightPart part) => slots.Any(slot => slot.Part == part && tensors.Find(slot) is not null);
    }

    /// <summary>The weights of an FCN.</summary>
    /// <param name="file">The file; it stays its owner's.</param>
    /// <param name="preprocessing">How pixels become input, for a file that does not say; <see langword="null"/> for Caffe's.</param>
    /// <exception cref="InvalidDataException">What the file says of its network is damaged, or it is for no FCN.</exception>
    /// <exception cref="ArgumentException">A preprocessing is given for a file that says its own.</exception>
    public static NetworkWeights OpenFcn(WeightsFile file, Preprocessing? preprocessing)
    {
        if (WeightsMetadata.IsIn(file))
            return OpenOwn<FcnOptions>(file, preprocessing);
        var tensors = new NamedTensors(file);
        var options = InferredNetwork.Fcn(tensors, preprocessing);
        var weights = new NetworkWeights(file, options, InferredNetwork.Info(file, options, preprocessing));
        weights.Take(tensors, slot => tensors.Find(slot) ?? tensors.Find($"{InferredNetwork.OlderName(slot.Row.Name)}.weight"), _ => false, options.AtOnce ? InferredNetwork.CheckScales(tensors, options) : []);
        return weights;
    }

    /// <summary>Reads the values of a tensor of the network.</summary>
    public void Read(WeightSlot slot, Span<float> values)
    {
        if (found.TryGetValue(slot.Name, out var entry))
            entry.Read(file, values);
        else
            values.Fill(slot.Part is WeightPart.Scale or WeightPart.RunningVariance ? 1 : 0);
    }

    private static NetworkWeights OpenOwn<TOptions>(WeightsFile file, Preprocessing? preprocessing)
        where TOptions : class, INetworkOptions, new()
    {
        var (options, classNames, info) = WeightsMetadata.Read<TOptions>(file.Metadata, file.Name);
        if (preprocessing is not null && preprocessing != options.Preprocessing)
            throw new ArgumentException($"{file.Name} says that its preprocessing is {options.Preprocessing}; {preprocessing} was given.", nameof(preprocessing));
        var weights = new NetworkWeights(file, options, info) { ClassNames = classNames };
        foreach (var tensor in file.Tensors)
            _ = tensor.IsReadable ? new NamedTensor(tensor, new(tensor.Name, "", IsKeras: false)).Floating(file) : default;
        foreach (var slot in weights.Slots)
        {
            if (file.Find(slot.Name) is { } tensor)
                weights.found.Add(slot.Name, new NamedTensor(tensor, new(slot.Name, "", IsKeras: false)).Floating(file));
        }

        weights.Compare(file.Tensors, bystanders: [], _ => false);
        return weights;
    }

    private void Take(NamedTensors tensors, Func<WeightSlot, NamedTensor?> find, Func<WeightSlot, bool> isNeutral, IReadOnlyList<StoredTensor>? constants = null)
    {
        foreach (var slot in Slots)
        {
            if (find(slot) is { } entry)
                found.Add(slot.Name, entry.Floating(file));
        }

        Compare(tensors.All.Select(entry => entry.Tensor).Concat(tensors.Others).Except(constants ?? []), tensors.Bystanders, isNeutral);
    }

    /// <param name="ofNetwork">Tensors of the file that must have a place in the network.</param>
    /// <param name="bystanders">Tensors of the file that need not.</param>
    /// <param name="isNeutral">Whether a tensor may be missing, since the file's form means a batch norm that does nothing there.</param>
    private void Compare(IEnumerable<StoredTensor> ofNetwork, IEnumerable<StoredTensor> bystanders, Func<WeightSlot, bool> isNeutral)
    {
        var used = found.Values.Select(entry => entry.Tensor).ToHashSet();
        string[] missing = [.. Slots.Where(slot => !found.ContainsKey(slot.Name) && !isNeutral(slot)).Select(slot => slot.Name)];
        StoredTensor[] unused = [.. ofNetwork.Where(tensor => !used.Contains(tensor))];

        // What cannot be read is not a weight of a network that has no place for it.
        string[] unexpected = [.. unused.Where(tensor => tensor.IsReadable).Select(tensor => tensor.Name)];
        Report = new()
        {
            Loaded = [.. Slots.Where(slot => found.ContainsKey(slot.Name)).Select(slot => slot.Name)],
            Kept = [.. Slots.Where(slot => !found.ContainsKey(slot.Name)).Select(slot => slot.Name)],
            Missing = missing,
            Unexpected = [.. unexpected, .. unused.Where(tensor => !tensor.IsReadable).Concat(bystanders).Select(tensor => tensor.Name)],
            Mismatched = [.. Slots
                .Where(slot => found.TryGetValue(slot.Name, out var entry) && !entry.ShapeFor(slot).SequenceEqual(slot.Shape))
                .Select(slot => new ShapeMismatch(slot.Name, slot.Shape, found[slot.Name].ShapeFor(slot)))],
            Preprocessing = Options.Preprocessing,
        };
        if (missing.Length > 0 || unexpected.Length > 0 || Report.Mismatched.Count > 0)
            Refusal = $"{file.Name}: the tensors are not those of the network that the file is for ({Options}): {Report with { Unexpected = unexpected }}.";
        else if (Slots.FirstOrDefault(slot => WeightShape.Count(slot.Shape) > int.MaxValue / sizeof(float)) is { } large)
            Refusal = $"{file.Name}: tensor '{large.Name}' takes more than 2 GB.";
    }
}
