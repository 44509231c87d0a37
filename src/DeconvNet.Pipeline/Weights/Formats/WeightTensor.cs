namespace DeconvNet.Weights.Formats;

/// <summary>A named tensor to be written; its values are fetched when their turn comes, so that memory holds one tensor at a time.</summary>
/// <param name="Name">Unique in the file; not <c>__metadata__</c>.</param>
/// <param name="Shape">Its sides, row-major.</param>
/// <param name="Values">Gives the values, as many as the product of the sides.</param>
/// <param name="Precision">How they are stored.</param>
internal sealed record WeightTensor(
    string Name,
    IReadOnlyList<long> Shape,
    Func<ReadOnlyMemory<float>> Values,
    WeightPrecision Precision = WeightPrecision.Full)
{
    /// <summary>Gives values that lie outside the managed heap.</summary>
    public delegate ReadOnlySpan<float> Lender();

    /// <summary>Gives the values where they are, in place of <see cref="Values"/>; what it refers to lives as long as this object.</summary>
    public Lender? Lend { get; init; }
}
