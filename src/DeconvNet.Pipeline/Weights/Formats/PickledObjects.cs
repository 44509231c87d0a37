namespace DeconvNet.Weights.Formats;

/// <summary>A global that a pickle imports.</summary>
internal sealed record PickledGlobal(string Module, string Name)
{
    public override string ToString() => StoredName.Show($"{Module}.{Name}");
}

/// <summary>A Python list.</summary>
internal sealed class PickledList
{
    public List<object?> Items { get; } = [];
}

/// <summary>A Python dict, ordered or not, as its inserted pairs; if a key occurs twice, the last one counts.</summary>
internal sealed class PickledDict
{
    private List<KeyValuePair<object?, object?>>? pairs;

    public IReadOnlyList<KeyValuePair<object?, object?>> Pairs => pairs ?? [];

    /// <summary>Whether a value is a tensor; tracked on insertion, since the same dictionary may be referenced in many places.</summary>
    public bool HasTensors { get; private set; }

    public void Add(object? key, object? value)
    {
        HasTensors |= value is PickledTensor;
        (pairs ??= []).Add(new(key, value));
    }

    /// <summary>The value of a key; <see langword="null"/> if there is none.</summary>
    public object? Find(string key)
    {
        for (var i = Pairs.Count - 1; i >= 0; i--)
        {
            if (Pairs[i].Key as string == key)
                return Pairs[i].Value;
        }

        return null;
    }
}

/// <summary>Binary data in a checkpoint, such as the state of a random generator, which is not needed.</summary>
internal sealed class PickledBytes
{
    public static PickledBytes Any { get; } = new();
}

/// <summary>A storage of a PyTorch checkpoint, in which tensors lie; its values are elsewhere in the file.</summary>
/// <param name="Type">Type of the values.</param>
/// <param name="TypeName">PyTorch's name of the type if it is <see cref="WeightType.Other"/>.</param>
/// <param name="Size">Size of a value in bytes.</param>
/// <param name="Key">Key of the storage in the file.</param>
/// <param name="Count">Number of values.</param>
internal sealed record PickledStorage(WeightType Type, string? TypeName, int Size, string Key, long Count);

/// <summary>A tensor of a PyTorch checkpoint.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, StridedLayout Layout);
