using DeconvNet.Architecture;

namespace DeconvNet.Weights.Formats;

/// <summary>What a weights file says of one tensor, in whatever format. Immutable.</summary>
public sealed class StoredTensor
{
    internal StoredTensor(string name, WeightType type, IReadOnlyList<long> shape)
    {
        Name = name;
        Type = type;
        Shape = shape;
        Count = WeightShape.Count(shape) ?? throw new InvalidDataException($"The tensor '{name}' has the impossible shape {WeightShape.Text(shape)}.");
    }

    /// <summary>Its name in the file, unique there; for a caffemodel <c>LAYER.weight</c>, <c>LAYER.bias</c>, <c>LAYER.blob2</c> …, and
    /// <c>NORM.running_mean</c>, <c>NORM.running_var</c> of a <c>BatchNorm</c> (already divided by its third blob), <c>NORM.weight</c>, <c>NORM.bias</c> of the
    /// <c>Scale</c> behind it, where NORM is <c>bn1_1</c> behind <c>conv1_1</c> and so on.</summary>
    public string Name { get; }

    /// <summary>Type of the stored values.</summary>
    public WeightType Type { get; }

    /// <summary>Sides of the tensor, row-major; empty for a single value.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Number of values.</summary>
    public long Count { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type.Code()} {WeightShape.Text(Shape)}";
}
