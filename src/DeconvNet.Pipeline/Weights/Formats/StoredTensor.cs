using DeconvNet.Architecture;

namespace DeconvNet.Weights.Formats;

/// <summary>What a weights file says of one tensor, in whatever format. Immutable.</summary>
public sealed class StoredTensor
{
    /// <param name="name">Its name, unique in the file.</param>
    /// <param name="type">Type of its values.</param>
    /// <param name="shape">Its sides; their product fits 63 bits.</param>
    /// <param name="typeName">The file's own word for the type, where it is <see cref="WeightType.Other"/>.</param>
    /// <param name="unreadable">Why its values cannot be read; <see langword="null"/> if they can.</param>
    /// <exception cref="InvalidDataException">The shape is impossible.</exception>
    internal StoredTensor(string name, WeightType type, IReadOnlyList<long> shape, string? typeName = null, string? unreadable = null)
    {
        Name = name;
        Type = type;
        TypeName = StoredName.Show(typeName ?? type.Code());
        Shape = shape;
        Count = WeightShape.Count(shape) ?? throw new InvalidDataException($"The tensor '{StoredName.Show(name)}' has the impossible shape {WeightShape.Text(shape)}.");
        Unreadable = unreadable ?? (type == WeightType.Other ? $"values of the type {TypeName} are not read" : null);
    }

    /// <summary>
    /// Its name in the file, unique there. For a caffemodel <c>LAYER.weight</c>, <c>LAYER.bias</c>, <c>LAYER.blob2</c> …, and
    /// <c>NORM.running_mean</c>, <c>NORM.running_var</c> of a <c>BatchNorm</c> (already divided by its third blob), <c>NORM.weight</c>, <c>NORM.bias</c> of the
    /// <c>Scale</c> behind it, where NORM is <c>bn1_1</c> behind <c>conv1_1</c> and so on.
    /// </summary>
    public string Name { get; }

    /// <summary>Type of the stored values.</summary>
    public WeightType Type { get; }

    /// <summary>The type in the words of safetensors, or in the file's own where it is <see cref="WeightType.Other"/>: <c>F8_E8M0</c>, <c>&lt;U12</c> ….</summary>
    public string TypeName { get; }

    /// <summary>Sides of the tensor, row-major; empty for a single value.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Number of values.</summary>
    public long Count { get; }

    /// <summary>Whether <see cref="WeightsFile.Read"/> can read its values. Strings, objects and rare number formats beside the weights are only listed.</summary>
    public bool IsReadable => Unreadable is null;

    /// <summary>Why the values cannot be read.</summary>
    internal string? Unreadable { get; }

    /// <summary>Whether it can hold weights.</summary>
    internal bool IsFloating => IsReadable && Type.IsFloating();

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {TypeName} {WeightShape.Text(Shape)}";
}
