using DeconvNet.Architecture;
using DeconvNet.Imaging;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>
/// An opened weights file as the weights of a network. The network is read from the metadata of the library's own files, and inferred from names and shapes
/// for others.
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

    /// <summary>The network, validated.</summary>
    public INetworkOptions Options { get; }

    /// <summary>The tensors of the network.</summary>
    public IReadOnlyList<WeightSlot> Slots { get; }

    /// <summary>Class names by id; <see langword="null"/> if the file has none.</summary>
    public IReadOnlyList<string>? ClassNames { get; private init; }

    public WeightsInfo Info { get; }

    /// <summary>Whether the model lacks population statistics and must start in training mode.</summary>
    public bool NeedsStatistics { get; private init; }

    /// <summary>The report of loading the file.</summary>
    public LoadReport Report { get; private set; } = new();

    /// <summary>Why the file cannot be loaded; <see langword="null"/> if it can.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Opens the weights of either kind of network.</summary>
    /// <exception cref="InvalidDataException">The metadata is damaged, or the file is not for a known network.</exception>
    public static NetworkWeights Open(WeightsFile file)
    {
        var isFcn = WeightsMetadata.IsIn(file) ? WeightsMetadata.IsForFcn(file.Metadata) : new NamedTensors(file).Contains("score_fr.weight");
        return isFcn ? OpenFcn(file, preprocessing: null) : OpenDeconvNet(file, CaffeBatchNorm.Folded, preprocessing: null);
    }

    /// <summary>Opens the weights of a DeconvNet.</summary>
    /// <param name="file">The file; it is not disposed.</param>
    /// <param name="batchNorm">Meaning of a batch norm without statistics.</param>
    /// <param name="preprocessing">Preprocessing for a file that does not state it; <see langword="null"/> for the default of the network.</param>
    /// <exception cref="InvalidDataException">The metadata is damaged, or the file is not for a DeconvNet.</exception>
    /// <exception cref="ArgumentException">A preprocessing is given for a file that states its own.</exception>
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

        // A file without batch norm has it folded into kernels and biases: the biases are required, and the norm is the identity.
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

    /// <summary>Opens the weights of an FCN.</summary>
    /// <param name="file">The file; it is not disposed.</param>
    /// <param name="preprocessing">Preprocessing for a file that does not state it; <see langword="null"/> for Caffe's.</param>
    /// <exception cref="InvalidDataException">The metadata is damaged, or the file is not for an FCN.</exception>
    /// <exception cref="ArgumentException">A preprocessing is given for a file that states its own.</exception>
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

    /// <param name="ofNetwork">Tensors of the file that must match a slot of the network.</param>
    /// <param name="bystanders">Tensors of the file that need not match.</param>
    /// <param name="isNeutral">Whether a tensor may be missing because the batch norm is the identity.</param>
    private void Compare(IEnumerable<StoredTensor> ofNetwork, IEnumerable<StoredTensor> bystanders, Func<WeightSlot, bool> isNeutral)
    {
        var used = found.Values.Select(entry => entry.Tensor).ToHashSet();
        string[] missing = [.. Slots.Where(slot => !found.ContainsKey(slot.Name) && !isNeutral(slot)).Select(slot => slot.Name)];
        StoredTensor[] unused = [.. ofNetwork.Where(tensor => !used.Contains(tensor))];

        // An unreadable tensor without a slot is not a weight of the network.
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
