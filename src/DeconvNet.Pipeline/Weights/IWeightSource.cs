using DeconvNet.Architecture;

namespace DeconvNet.Weights;

/// <summary>An opened weights file in whatever format: what network it is for, and its tensors by the names of <see cref="WeightSlot"/>.</summary>
internal interface IWeightSource<out TOptions>
    where TOptions : INetworkOptions
{
    TOptions Options { get; }

    /// <summary>Names by class id; <see langword="null"/> where the format stores none.</summary>
    IReadOnlyList<string>? ClassNames { get; }

    WeightsInfo Info { get; }

    /// <summary>Whether the model lacks population statistics and so belongs in training mode.</summary>
    bool NeedsStatistics { get; }

    IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes { get; }

    void Read(string name, Span<float> values);
}
