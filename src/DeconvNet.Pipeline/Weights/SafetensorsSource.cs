using DeconvNet.Architecture;
using DeconvNet.Weights.Formats;

namespace DeconvNet.Weights;

/// <summary>A safetensors file saved by <c>SegmentationModel.Save</c>, which says what network it is for.</summary>
internal sealed class SafetensorsSource<TOptions> : IWeightSource<TOptions>
    where TOptions : class, INetworkOptions, new()
{
    private readonly WeightsFile file;

    /// <param name="file">The file; disposed by its owner.</param>
    /// <param name="source">How errors call it.</param>
    /// <exception cref="InvalidDataException">What it says is damaged, or a tensor is of whole numbers.</exception>
    public SafetensorsSource(WeightsFile file, string source)
    {
        this.file = file;
        (Options, ClassNames, Info) = WeightsMetadata.Read<TOptions>(file.Metadata, source);
        Shapes = file.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape, StringComparer.Ordinal);
        if (file.Tensors.FirstOrDefault(tensor => !tensor.Type.IsFloating()) is { } tensor)
            throw new InvalidDataException($"{source}: tensor '{tensor.Name}' has the type {tensor.Type.Code()}; expected was a floating type.");
    }

    public TOptions Options { get; }

    public IReadOnlyList<string> ClassNames { get; }

    public WeightsInfo Info { get; }

    public bool NeedsStatistics => false;

    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes { get; }

    public void Read(string name, Span<float> values) => file.Read(file.Find(name)!, values);
}
