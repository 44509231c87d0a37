using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

public static partial class SegmenterExtensions
{
    /// <summary>Segments one image file after another, in order; see <see cref="SegmentManyAsync{T}"/>.</summary>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="paths">The files; enumerated as needed, so the sequence may be endless.</param>
    /// <param name="ahead">How many files beyond the current one are worked on, at least 0; bounds memory.</param>
    /// <param name="cancellationToken">Ends the sequence with an <see cref="OperationCanceledException"/>.</param>
    public static IAsyncEnumerable<SegmentedItem<string>> SegmentManyAsync(
        this ISegmenter segmenter, IEnumerable<string> paths, int ahead = 1, CancellationToken cancellationToken = default) =>
        segmenter.SegmentManyAsync(paths, path => RgbImage.Load(path), ahead, cancellationToken);

    /// <summary>Segments one photo after another, in order; see <see cref="SegmentManyAsync{T}"/>.</summary>
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
        return Enumerate(segmenter, sources, read, ahead, cancellationToken);
    }

    private static async IAsyncEnumerable<SegmentedItem<T>> Enumerate<T>(
        ISegmenter segmenter, IEnumerable<T> sources, Func<T, RgbImage> read, int ahead, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var source = sources.GetEnumerator();
        var running = new Queue<Task<SegmentedItem<T>>>();
        ExceptionDispatchInfo? failure = null;
        try
        {
            var index = 0;
            var more = true;
            while (true)
            {
                while (more && running.Count <= ahead)
                {
                    try
                    {
                        more = source.MoveNext();
                        if (more)
                            running.Enqueue(SegmentItemAsync(segmenter, source.Current, index++, read, stop.Token));
                    }
                    catch (Exception error)
                    {
                        (failure, more) = (ExceptionDispatchInfo.Capture(error), false);
                    }
                }

                if (!running.TryDequeue(out var next))
                    break;
                yield return await next.ConfigureAwait(false);
            }

            failure?.Throw();
        }
        finally
        {
            // Nothing may go on working, or use the segmenter, after the caller has left the loop.
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (var task in running)
                await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<SegmentedItem<T>> SegmentItemAsync<T>(
        ISegmenter segmenter, T source, int index, Func<T, RgbImage> read, CancellationToken cancellationToken)
    {
        return await Task.Run(Work, cancellationToken).ConfigureAwait(false);

        SegmentedItem<T> Work()
        {
            RgbImage image;
            try
            {
                image = read(source);
            }
            catch (Exception error)
            {
                return new SegmentedItem<T>(source, index, null, error);
            }

            try
            {
                return new SegmentedItem<T>(source, index, segmenter.Segment(image, progress: null, cancellationToken), null);
            }
            catch (Exception error) when (error is not ObjectDisposedException && !cancellationToken.IsCancellationRequested)
            {
                return new SegmentedItem<T>(source, index, null, error);
            }
        }
    }
}
