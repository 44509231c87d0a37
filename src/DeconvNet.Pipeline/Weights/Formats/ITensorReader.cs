namespace DeconvNet.Weights.Formats;

/// <summary>One format behind <see cref="WeightsFile"/>: everything is checked when it is opened, values are read when asked for.</summary>
internal interface ITensorReader
{
    IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>Strings that stand beside the tensors.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What the batch norms of the file add to variances, each number once; empty where the format does not say.</summary>
    IReadOnlyList<double> BatchNormEpsilons => [];

    /// <summary>Reads the tensor of that place in <see cref="Tensors"/>, row-major; the length is right.</summary>
    void Read(int index, Span<float> values);
}
