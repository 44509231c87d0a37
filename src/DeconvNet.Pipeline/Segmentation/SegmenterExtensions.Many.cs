using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

public static partial class SegmenterExtensions
{
    /// <summary>Segments one image file after another, in order; see <see cref="SegmentManyAsync{T}(ISegmenter, IEnumerable{T}, Func{T, RgbImage}, int, CancellationToken)"/>.</summary>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="paths">The files; enumerated as needed, so the sequence may be endless.</param>
    /// <param name="ahead">How many files beyond the current one are worked on, at least 0; bounds memory.</param>
    /// <param name="cancellationToken">Ends the sequence with an <see cref="OperationCanceledException"/>.</param>
    public static IAsyncEnumerable<SegmentedItem<string>> SegmentManyAsync(
        this ISegmenter segmenter, IEnumerable<string> paths, int ahead = 1, CancellationToken cancellationToken = default) =>
        segmenter.SegmentManyAsync(paths, path => RgbImage.Load(path), ahead, cancellationToken);

    /// <summary>Segments one photo after another, in order; see <see cref="SegmentManyAsync{T}(ISegmenter, IEnumerable{T}, Func{T, RgbImage}, int, CancellationToken)"/>.</summary>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="images">The photos; enumerated as needed, so the sequence may be endless.</param>
    /// <param name="ahead">How many photos beyond the current one are worked on, at least 0; bounds memory.</param>
    /// <param name="cancellationToken">Ends the sequence with an <see cref="OperationCanceledException"/>.</param>
    public static IAsyncEnumerable<SegmentedItem<RgbImage>> SegmentManyAsync(
        this ISegmenter segmenter, IEnumerable<RgbImage> images, int ahead = 1, CancellationToken cancellationToken = default) =>
        segmenter.SegmentManyAsync(images, image => image, ahead, cancellationToken);

    /// <summary>
    /// Segments one item after another, in order. While the network works on one, the next ones are read and their proposals found.
    /// </summary>
    /// <typeparam name="T">What is given: paths, encoded bytes, database rows, ….</typeparam>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="sources">The items; enumerated as needed, so the sequence may be endless. If it throws, the items before that come first, then its exception.</param>
    /// <param name="read">Makes the photo of an item; called on the thread pool.</param>
    /// <param name="ahead">How many items beyond the current one are worked on, at least 0; bounds memory.</param>
    /// <param name="cancellationToken">Ends the sequence with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Each item with its result, or with the exception that reading or segmenting it threw.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ahead"/> is negative.</exception>
    /// <exception cref="ObjectDisposedException">The segmenter was disposed.</exception>
    public static IAsyncEnumerable<SegmentedItem<T>> SegmentManyAsync<T>(
        this ISegmenter segmenter, IEnumerable<T> sources, Func<T, RgbImage> read, int ahead = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentOutOfRangeException.ThrowIfNegative(ahead);
        return SegmentManyAsync(segmenter, sources.ToAsyncEnumerable(), read, ahead, cancellationToken);
    }
}
