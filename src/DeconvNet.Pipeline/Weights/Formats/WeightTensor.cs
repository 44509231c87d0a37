namespace DeconvNet.Weights.Formats;

/// <summary>A named tensor to be written; its values are fetched on demand, so that only one tensor is in memory at a time.</summary>
/// <param name="Name">Name, unique in the file; not <c>__metadata__</c>.</param>
/// <param name="Shape">Dimensions, row-major.</param>
/// <param name="Values">Returns the values.</param>
/// <param name="Precision">Precision in which they are stored.</param>
internal sealed record WeightTensor(
    string Name,
    IReadOnlyList<long> Shape,
    Func<ReadOnlyMemory<float>> Values,
    WeightPrecision Precision = WeightPrecision.Full)
{
    /// <summary>Returns values in unmanaged memory.</summary>
    public delegate ReadOnlySpan<float> Lender();

    /// <summary>Returns the values without a copy, instead of <see cref="Values"/>; the memory must live as long as this object.</summary>
    public Lender? Lend { get; init; }
}
