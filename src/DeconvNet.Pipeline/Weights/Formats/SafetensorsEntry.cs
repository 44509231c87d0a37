namespace DeconvNet.Weights.Formats;

/// <summary>What the header of a safetensors file says of one tensor. Immutable.</summary>
public sealed class SafetensorsEntry
{
    internal SafetensorsEntry(string name, WeightType type, IReadOnlyList<long> shape, long begin, long end)
    {
        Name = name;
        Type = type;
        Shape = shape;
        Begin = begin;
        End = end;
    }

    /// <summary>The tensor's name, unique in the file.</summary>
    public string Name { get; }

    /// <summary>Type of the stored values.</summary>
    public WeightType Type { get; }

    /// <summary>Sides of the tensor, row-major; empty for a single value.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Number of values.</summary>
    public long Count => (End - Begin) / Type.Size();

    /// <summary>First byte, counted from the end of the header.</summary>
    internal long Begin { get; }

    /// <summary>Byte after the last, counted from the end of the header.</summary>
    internal long End { get; }
}
