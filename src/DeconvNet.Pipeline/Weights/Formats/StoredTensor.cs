using DeconvNet.Architecture;

namespace DeconvNet.Weights.Formats;

/// <summary>A tensor in a weights file of any format, without its values. Immutable.</summary>
public sealed class StoredTensor
{
    /// <param name="name">Name, unique in the file.</param>
    /// <param name="type">Type of the values.</param>
    /// <param name="shape">Dimensions; their product fits in 63 bits.</param>
    /// <param name="typeName">The file's own name of the type if it is <see cref="WeightType.Other"/>.</param>
    /// <param name="unreadable">Why the values cannot be read; <see langword="null"/> if they can.</param>
    /// <exception cref="InvalidDataException">The shape is invalid.</exception>
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
    /// Name, unique in the file. For a caffemodel <c>LAYER.weight</c>, <c>LAYER.bias</c>, <c>LAYER.blob2</c> …; a <c>BatchNorm</c> layer has
    /// <c>NORM.running_mean</c> and <c>NORM.running_var</c> (already divided by its third blob), and the <c>Scale</c> layer after it <c>NORM.weight</c> and <c>NORM.bias</c>,
    /// where NORM is <c>bn1_1</c> after <c>conv1_1</c> and so on.
    /// </summary>
    public string Name { get; }

    /// <summary>Type of the stored values.</summary>
    public WeightType Type { get; }

    /// <summary>Name of the type as in safetensors, or the file's own name if it is <see cref="WeightType.Other"/>: <c>F8_E8M0</c>, <c>&lt;U12</c> ….</summary>
    public string TypeName { get; }

    /// <summary>Dimensions, row-major; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Number of values.</summary>
    public long Count { get; }

    /// <summary>Whether <see cref="WeightsFile.Read"/> can read the values. Strings, objects and rare number formats are only listed.</summary>
    public bool IsReadable => Unreadable is null;

    /// <summary>Why the values cannot be read.</summary>
    internal string? Unreadable { get; }

    /// <summary>Whether the tensor can hold weights.</summary>
    internal bool IsFloating => IsReadable && Type.IsFloating();

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {TypeName} {WeightShape.Text(Shape)}";
}
