using System.Diagnostics.CodeAnalysis;

namespace DeconvNet.Segmentation;

/// <summary>An item of a batch, with its result or the exception that it failed with. A failed item does not end the batch.</summary>
/// <typeparam name="T">Type of the items: paths, photos, ….</typeparam>
/// <param name="Source">The input item.</param>
/// <param name="Index">Its index in the sequence, from 0.</param>
/// <param name="Result">The result; <see langword="null"/> if the item failed.</param>
/// <param name="Error">The exception; <see langword="null"/> if the item succeeded.</param>
public sealed record SegmentedItem<T>(T Source, int Index, SegmentationResult? Result, Exception? Error)
{
    /// <summary>Whether the item succeeded.</summary>
    [MemberNotNullWhen(true, nameof(Result))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Result is not null;
}
