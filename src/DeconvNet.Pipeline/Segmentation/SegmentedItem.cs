using System.Diagnostics.CodeAnalysis;

namespace DeconvNet.Segmentation;

/// <summary>One item of a batch: its result, or the exception that it failed with. One bad item does not end the batch.</summary>
/// <typeparam name="T">What items are: paths, photos, ….</typeparam>
/// <param name="Source">The item as it was given.</param>
/// <param name="Index">Its place in the sequence, from 0.</param>
/// <param name="Result">The result; <see langword="null"/> if the item failed.</param>
/// <param name="Error">Why it failed; <see langword="null"/> if it did not.</param>
public sealed record SegmentedItem<T>(T Source, int Index, SegmentationResult? Result, Exception? Error)
{
    /// <summary>Whether there is a result.</summary>
    [MemberNotNullWhen(true, nameof(Result))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Result is not null;
}
