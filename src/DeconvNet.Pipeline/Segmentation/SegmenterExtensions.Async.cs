using DeconvNet.Imaging;
using SkiaSharp;

namespace DeconvNet.Segmentation;

public static partial class SegmenterExtensions
{
    /// <summary>Segments a photo on the thread pool. The task is Canceled if the token was canceled.</summary>
    public static Task<SegmentationResult> SegmentAsync(
        this ISegmenter segmenter, RgbImage image, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return OnPool(segmenter, () => image, progress, cancellationToken);
    }

    /// <summary>Reads and segments an image file on the thread pool; see <see cref="Segment(ISegmenter, string, IProgress{WorkProgress}?, CancellationToken)"/>.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is not an image that can be read, or is truncated.</exception>
    public static Task<SegmentationResult> SegmentAsync(
        this ISegmenter segmenter, string path, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OnPool(segmenter, () => RgbImage.Load(path), progress, cancellationToken);
    }

    /// <summary>Segments an encoded image (JPEG, PNG, …) from a stream, which is read asynchronously, to its end, and left open.</summary>
    /// <exception cref="InvalidDataException">The stream holds no image that can be read, or is truncated.</exception>
    public static Task<SegmentationResult> SegmentAsync(
        this ISegmenter segmenter, Stream stream, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        ArgumentNullException.ThrowIfNull(stream);
        return ReadAndSegmentAsync();

        async Task<SegmentationResult> ReadAndSegmentAsync()
        {
            using var encoded = new MemoryStream();
            await stream.CopyToAsync(encoded, cancellationToken).ConfigureAwait(false);
            encoded.Position = 0;
            return await OnPool(segmenter, () => RgbImage.Decode(encoded), progress, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Segments an encoded image (JPEG, PNG, …) in memory on the thread pool. The bytes must not change before the task completes.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an image that can be read, or are truncated.</exception>
    public static Task<SegmentationResult> SegmentAsync(
        this ISegmenter segmenter, byte[] encoded, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        return OnPool(segmenter, () => RgbImage.Decode(encoded), progress, cancellationToken);
    }

    /// <summary>Segments a SkiaSharp bitmap on the thread pool. The bitmap is copied before the call returns.</summary>
    /// <exception cref="ArgumentException">The bitmap is empty or cannot be read.</exception>
    public static Task<SegmentationResult> SegmentAsync(
        this ISegmenter segmenter, SKBitmap bitmap, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var image = RgbImage.FromBitmap(bitmap);
        return OnPool(segmenter, () => image, progress, cancellationToken);
    }

    // The task of an async method is Canceled whatever token the exception carries; that of Task.Run would be Faulted for any token other than its own.
    private static Task<SegmentationResult> OnPool(ISegmenter segmenter, Func<RgbImage> read, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        return RunAsync();

        async Task<SegmentationResult> RunAsync() =>
            await Task.Run(() => segmenter.Segment(read(), progress, cancellationToken), cancellationToken).ConfigureAwait(false);
    }
}
