using DeconvNet.Networks;

namespace DeconvNet.Weights;

/// <summary>What a weights file holds, as far as its headers say; no values are read and no libtorch is needed. Immutable.</summary>
public sealed record WeightsContents
{
    private static readonly string[] BlobNames = ["weight", "bias"];

    private WeightsContents()
    {
    }

    /// <summary>Name of the format, such as <c>safetensors</c> or <c>caffemodel</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long FileSize { get; init; }

    /// <summary>The tensors, in the file's order.</summary>
    public required IReadOnlyList<StoredTensor> Tensors { get; init; }

    /// <summary>The network that the file is for; <see langword="null"/> if the file does not tell one.</summary>
    public DeconvNetOptions? Options { get; init; }

    /// <summary>Class names by id; <see langword="null"/> where the file has none.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>What the file says of its origin.</summary>
    public WeightsInfo Info { get; init; } = WeightsInfo.None;

    /// <summary>Why <see cref="DeconvNetModel.Load(string, CaffeBatchNorm)"/> would refuse the file, as far as its headers tell; <see langword="null"/> if they tell nothing against it.</summary>
    public string? Refusal { get; init; }

    /// <summary>Reads what a file holds.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or in a format that is not known.</exception>
    public static WeightsContents Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var stream = File.OpenRead(path);
        if (WeightsFormats.Recognise(stream, path) == WeightsFormat.Caffemodel)
        {
            using var net = CaffemodelFile.Open(stream, path, leaveOpen: true);
            return new WeightsContents { Format = "caffemodel", FileSize = stream.Length, Tensors = [.. net.Layers.SelectMany(Tensors)] }
                .With(() => new CaffemodelSource(net, path, CaffeBatchNorm.Folded), path);

            static IEnumerable<StoredTensor> Tensors(CaffeLayer layer) => layer.Blobs.Select((blob, i) =>
                new StoredTensor($"{layer.Name}.{(i < BlobNames.Length ? BlobNames[i] : $"blob{i}")}", blob.IsDouble ? WeightType.F64 : WeightType.F32, blob.Shape));
        }

        using var file = SafetensorsFile.Open(stream, path, leaveOpen: true);
        return new WeightsContents { Format = "safetensors", FileSize = stream.Length, Tensors = [.. file.Entries.Select(entry => new StoredTensor(entry.Name, entry.Type, entry.Shape))] }
            .With(() => new SafetensorsSource(file, path), path);
    }

    private WeightsContents With(Func<IWeightSource> open, string path)
    {
        try
        {
            using var source = open();
            var report = WeightsReport.Compare(WeightSlot.Of(LayerTable.Create(source.Options)), source.Shapes);
            return this with
            {
                Options = source.Options,
                ClassNames = source.ClassNames,
                Info = source.Info,
                Refusal = report.IsClean ? null : $"{path}: the tensors are not those of the network that the file is for: {report}.",
            };
        }
        catch (InvalidDataException refusal)
        {
            return this with { Refusal = refusal.Message };
        }
    }
}
