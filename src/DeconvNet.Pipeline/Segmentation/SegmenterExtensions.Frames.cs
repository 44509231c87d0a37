using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

public static partial class SegmenterExtensions
{
    /// <summary>Segments the frames of a camera or video, in order; see <see cref="SegmentManyAsync{T}(ISegmenter, IAsyncEnumerable{T}, Func{T, RgbImage}, int, CancellationToken)"/>.</summary>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="frames">The frames, enumerated as needed; the sequence may be endless.</param>
    /// <param name="region">The part of each frame to segment; <see langword="null"/> for all of it. Results are in coordinates of the frame.</param>
    /// <param name="ahead">Number of frames to process ahead of the current one, at least 0; bounds memory.</param>
    /// <param name="cancellationToken">Cancels the sequence with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ahead"/> is negative.</exception>
    public static IAsyncEnumerable<SegmentedItem<RgbImage>> SegmentManyAsync(
        this ISegmenter segmenter, IAsyncEnumerable<RgbImage> frames, PixelBox? region = null, int ahead = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        return SegmentManyAsync(region is { } box ? new RegionSegmenter(segmenter, box) : segmenter, frames, frame => frame, ahead, cancellationToken);
    }

    /// <summary>
    /// Segments items that arrive over time, in order. A result is returned as soon as it is ready, whether or not the next item has arrived. While
    /// <paramref name="ahead"/> + 1 items are in progress, no further item is requested: a source that cannot wait, such as a camera, has to drop items, for instance with a bounded
    /// <see cref="System.Threading.Channels.Channel{T}"/> that drops the oldest.
    /// </summary>
    /// <typeparam name="T">Type of the items: frames, messages of a queue, ….</typeparam>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="sources">The items. The sequence gets a token that is canceled when the caller leaves the loop. If it throws, the items before are returned first, then the exception is thrown.</param>
    /// <param name="read">Converts an item to a photo; called on the thread pool.</param>
    /// <param name="ahead">Number of items to process ahead of the current one, at least 0; bounds memory.</param>
    /// <param name="cancellationToken">Cancels the sequence with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Each item with its result, or with the exception thrown by reading or segmenting it.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ahead"/> is negative.</exception>
    /// <exception cref="ObjectDisposedException">The segmenter was disposed.</exception>
    public static IAsyncEnumerable<SegmentedItem<T>> SegmentManyAsync<T>(
        this ISegmenter segmenter, IAsyncEnumerable<T> sources, Func<T, RgbImage> read, int ahead = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentOutOfRangeException.ThrowIfNegative(ahead);
        return Enumerate(segmenter, sources, read, ahead, cancellationToken);
    }

    private static async IAsyncEnumerable<SegmentedItem<T>> Enumerate<T>(
        ISegmenter segmenter, IAsyncEnumerable<T> sources, Func<T, RgbImage> read, int ahead, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var source = sources.GetAsyncEnumerator(stop.Token);
        await using var ending = source.ConfigureAwait(false);
        var running = new Queue<Task<SegmentedItem<T>>>();
        Task<bool>? coming = null;
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
                        coming ??= source.MoveNextAsync().AsTask();

                        // A finished result must not wait for the next item, which may take a long time.
                        if (running.TryPeek(out var oldest) && await Task.WhenAny(coming, oldest).ConfigureAwait(false) != coming)
                            break;
                        more = await coming.ConfigureAwait(false);
                        if (more)
                            running.Enqueue(SegmentItemAsync(segmenter, source.Current, index++, read, stop.Token));
                    }
                    catch (Exception error)
                    {
                        (failure, more) = (ExceptionDispatchInfo.Capture(error), false);
                    }

                    coming = null;
                }

                if (!running.TryDequeue(out var next))
                    break;
                yield return await next.ConfigureAwait(false);
            }

            failure?.Throw();
        }
        finally
        {
            // After the caller has left the loop, nothing may still use the segmenter or the source.
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (var task in running.Append<Task>(coming ?? Task.CompletedTask))
                await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
