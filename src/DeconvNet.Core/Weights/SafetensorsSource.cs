using DeconvNet.Networks;

namespace DeconvNet.Weights;

/// <summary>A safetensors file saved by <see cref="DeconvNetModel.Save"/>.</summary>
internal sealed class SafetensorsSource : IWeightSource
{
    private readonly SafetensorsFile file;

    public SafetensorsSource(SafetensorsFile file, string source)
    {
        this.file = file;
        (Options, ClassNames, Info) = WeightsMetadata.Read(file.Metadata, source);
        Shapes = file.Entries.ToDictionary(entry => entry.Name, entry => entry.Shape, StringComparer.Ordinal);
        if (file.Entries.FirstOrDefault(entry => !entry.Type.IsFloating()) is { } entry)
            throw new InvalidDataException($"{source}: tensor '{entry.Name}' has the type {entry.Type.Code()}; expected was a floating type.");
    }

    public DeconvNetOptions Options { get; }

    public IReadOnlyList<string> ClassNames { get; }

    public WeightsInfo Info { get; }

    public bool NeedsStatistics => false;

    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes { get; }

    public void Read(string name, Span<float> values) => file.Read(file.Find(name)!, values);

    public void Dispose() => file.Dispose();
}
