namespace DeconvNet.Weights.Formats;

/// <summary>Reader of one format for <see cref="WeightsFile"/>: everything is validated on opening, values are read on demand.</summary>
internal interface ITensorReader
{
    IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>Strings stored beside the tensors.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The distinct batch norm epsilons in the file; empty if the format does not store them.</summary>
    IReadOnlyList<double> BatchNormEpsilons => [];

    /// <summary>Reads the tensor at an index of <see cref="Tensors"/>, row-major; the length has been checked.</summary>
    void Read(int index, Span<float> values);
}
