using System.Runtime.CompilerServices;
using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

public static partial class SegmenterExtensions
{
    /// <summary>Segments a photo on the thread pool.</summary>
    public static Task<SegmentationResult> SegmentAsync(
        this ISegmenter segmenter, RgbImage image, IProgress<SegmentationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        ArgumentNullException.ThrowIfNull(image);
        return Task.Run(() => segmenter.Segment(image, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Reads and segments an image file on the thread pool; exceptions are those of <see cref="Segment(ISegmenter, string, IProgress{SegmentationProgress}?, CancellationToken)"/>.</summary>
    public static Task<SegmentationResult> SegmentAsync(
        this ISegmenter segmenter, string path, IProgress<SegmentationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        ArgumentNullException.ThrowIfNull(path);
        return Task.Run(() => segmenter.Segment(path, progress, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Segments one image file after another, in order. While the network works on one, the next ones are read and their proposals found.
    /// </summary>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="paths">The files; enumerated as needed, so the sequence may be endless.</param>
    /// <param name="ahead">How many files beyond the current one are worked on, at least 0; bounds memory.</param>
    /// <param name="cancellationToken">Ends the sequence with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>One result for each file. A file that cannot be read ends the sequence with its exception.</returns>
    public static IAsyncEnumerable<SegmentationResult> SegmentManyAsync(
        this ISegmenter segmenter, IEnumerable<string> paths, int ahead = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        return InOrderAsync(paths, (path, token) => segmenter.Segment(path, null, token), ahead, cancellationToken);
    }

    /// <summary>Segments one photo after another, in order. While the network works on one, the proposals of the next ones are found.</summary>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="images">The photos; enumerated as needed, so the sequence may be endless.</param>
    /// <param name="ahead">How many photos beyond the current one are worked on, at least 0; bounds memory.</param>
    /// <param name="cancellationToken">Ends the sequence with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>One result for each photo.</returns>
    public static IAsyncEnumerable<SegmentationResult> SegmentManyAsync(
        this ISegmenter segmenter, IEnumerable<RgbImage> images, int ahead = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        return InOrderAsync(images, (image, token) => segmenter.Segment(image, null, token), ahead, cancellationToken);
    }

    private static IAsyncEnumerable<SegmentationResult> InOrderAsync<T>(
        IEnumerable<T> items, Func<T, CancellationToken, SegmentationResult> segment, int ahead, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfNegative(ahead);
        return Enumerate(items, segment, ahead, cancellationToken);
    }

    private static async IAsyncEnumerable<SegmentationResult> Enumerate<T>(
        IEnumerable<T> items, Func<T, CancellationToken, SegmentationResult> segment, int ahead, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var source = items.GetEnumerator();
        var running = new Queue<Task<SegmentationResult>>();
        try
        {
            var more = true;
            while (true)
            {
                while (more && running.Count <= ahead)
                {
                    more = source.MoveNext();
                    if (!more)
                        break;
                    var item = source.Current;
                    running.Enqueue(Task.Run(() => segment(item, stop.Token), stop.Token));
                }

                if (!running.TryDequeue(out var next))
                    yield break;
                yield return await next.ConfigureAwait(false);
            }
        }
        finally
        {
            // Nothing may go on working, or use the segmenter, after the caller has left the loop.
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (var task in running)
                await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
