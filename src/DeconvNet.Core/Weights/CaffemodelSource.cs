using DeconvNet.Imaging;
using DeconvNet.Networks;

namespace DeconvNet.Weights;

/// <summary>
/// The authors' caffemodel of any width and class count: its shapes tell the network, its preprocessing is that of the authors' scripts.
/// Batch norm has a scale and a shift only, so that mean 0 and variance 1 are put in for what the file does not hold.
/// </summary>
internal sealed class CaffemodelSource : IWeightSource
{
    private static readonly string[] BlobNames = ["weight", "bias"];

    private readonly CaffemodelFile file;
    private readonly Dictionary<string, CaffeBlob> blobs = new(StringComparer.Ordinal);

    public CaffemodelSource(CaffemodelFile file, string source, CaffeBatchNorm batchNorm)
    {
        this.file = file;
        NeedsStatistics = batchNorm == CaffeBatchNorm.Unfolded;
        foreach (var layer in file.Layers)
        {
            for (var i = 0; i < layer.Blobs.Count; i++)
            {
                var name = $"{layer.Name}.{(i < BlobNames.Length ? BlobNames[i] : $"blob{i}")}";
                if (!blobs.TryAdd(name, layer.Blobs[i]))
                    throw new InvalidDataException($"{source}: there are two layers '{layer.Name}' with weights.");
            }
        }

        Options = InferOptions(source);
        Shapes = FindShapes();
    }

    public DeconvNetOptions Options { get; }

    public IReadOnlyList<string>? ClassNames => null;

    public WeightsInfo Info => new() { Name = file.Name.Length > 0 ? file.Name : null };

    public bool NeedsStatistics { get; }

    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes { get; }

    public void Read(string name, Span<float> values)
    {
        if (blobs.TryGetValue(name, out var blob))
            file.Read(blob, values);
        else
            values.Fill(name.EndsWith(".running_var", StringComparison.Ordinal) ? 1 : 0);
    }

    public void Dispose() => file.Dispose();

    private DeconvNetOptions InferOptions(string source)
    {
        var first = ShapeOf("conv1_1");
        var bottom = ShapeOf("fc6");
        var score = ShapeOf("seg-score-voc");
        try
        {
            var options = DeconvNetOptions.Paper with
            {
                Width = checked((int)first[0]),
                FcChannels = checked((int)bottom[0]),
                InputSize = checked((int)bottom[3] * 32),
                ClassCount = checked((int)score[0]),
                ConvBias = blobs.ContainsKey("conv1_1.bias"),
                Preprocessing = Preprocessing.Caffe,
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
            if (!blobs.TryGetValue($"{layer}.weight", out var blob))
                throw new InvalidDataException($"{source}: this is not a DeconvNet: layer '{layer}' with weights is missing among the {file.Layers.Count} layers of '{file.Name}'.");
            return blob.Shape.Count == 4
                ? blob.Shape
                : throw new InvalidDataException($"{source}: the weights of layer '{layer}' have the shape {WeightShape.Text(blob.Shape)}; expected were four sides.");
        }
    }

    private Dictionary<string, IReadOnlyList<long>> FindShapes()
    {
        var shapes = blobs.ToDictionary(pair => pair.Key, pair => pair.Value.Shape, StringComparer.Ordinal);
        foreach (var slot in WeightSlot.Of(LayerTable.Create(Options)))
        {
            if (slot.Part is WeightPart.RunningMean or WeightPart.RunningVariance)
                shapes.TryAdd(slot.Name, slot.Shape);

            // Old files write a vector as [1, 1, 1, n] (bias) or [1, n, 1, 1] (batch norm).
            else if (slot.Shape.Count == 1 && shapes.TryGetValue(slot.Name, out var shape) && shape.Count(side => side != 1) <= 1)
                shapes[slot.Name] = [blobs[slot.Name].Count];
        }

        return shapes;
    }
}
