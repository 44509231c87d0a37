namespace DeconvNet.Weights;

/// <summary>One format behind <see cref="WeightsFile"/>: everything is checked when it is opened, values are read when asked for.</summary>
internal interface ITensorReader : IDisposable
{
    IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>Strings that stand beside the tensors.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads the tensor of that place in <see cref="Tensors"/>, row-major; the length is right.</summary>
    void Read(int index, Span<float> values);
}
