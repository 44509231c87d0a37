using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

public static partial class SegmenterExtensions
{
    /// <summary>Segments image files, in order; see <see cref="SegmentManyAsync{T}(ISegmenter, IEnumerable{T}, Func{T, RgbImage}, int, CancellationToken)"/>.</summary>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="paths">The files, enumerated as needed; the sequence may be endless.</param>
    /// <param name="ahead">Number of files to process ahead of the current one, at least 0; bounds memory.</param>
    /// <param name="cancellationToken">Cancels the sequence with an <see cref="OperationCanceledException"/>.</param>
    public static IAsyncEnumerable<SegmentedItem<string>> SegmentManyAsync(
        this ISegmenter segmenter, IEnumerable<string> paths, int ahead = 1, CancellationToken cancellationToken = default) =>
        segmenter.SegmentManyAsync(paths, path => RgbImage.Load(path), ahead, cancellationToken);

    /// <summary>Segments photos, in order; see <see cref="SegmentManyAsync{T}(ISegmenter, IEnumerable{T}, Func{T, RgbImage}, int, CancellationToken)"/>.</summary>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="images">The photos, enumerated as needed; the sequence may be endless.</param>
    /// <param name="ahead">Number of photos to process ahead of the current one, at least 0; bounds memory.</param>
    /// <param name="cancellationToken">Cancels the sequence with an <see cref="OperationCanceledException"/>.</param>
    public static IAsyncEnumerable<SegmentedItem<RgbImage>> SegmentManyAsync(
        this ISegmenter segmenter, IEnumerable<RgbImage> images, int ahead = 1, CancellationToken cancellationToken = default) =>
        segmenter.SegmentManyAsync(images, image => image, ahead, cancellationToken);

    /// <summary>
    /// Segments items in order. While the network works on one item, the next ones are read and their proposals found.
    /// </summary>
    /// <typeparam name="T">Type of the items: paths, encoded bytes, database rows, ….</typeparam>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="sources">The items, enumerated as needed; the sequence may be endless. If it throws, the items before are returned first, then the exception is thrown.</param>
    /// <param name="read">Converts an item to a photo; called on the thread pool.</param>
    /// <param name="ahead">Number of items to process ahead of the current one, at least 0; bounds memory.</param>
    /// <param name="cancellationToken">Cancels the sequence with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Each item with its result, or with the exception thrown by reading or segmenting it.</returns>
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
