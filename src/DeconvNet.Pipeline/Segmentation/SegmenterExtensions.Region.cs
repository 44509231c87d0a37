using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

public static partial class SegmenterExtensions
{
    /// <summary>
    /// Segments a part of a photo. The result, including boxes and scores, is in coordinates of the photo; everything outside the part is background.
    /// </summary>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="image">The photo.</param>
    /// <param name="region">The part to segment; it is clipped to the photo.</param>
    /// <param name="progress">Reports each finished batch, on the calling thread.</param>
    /// <param name="cancellationToken">Cancels the work, at the latest before the next batch.</param>
    /// <exception cref="ArgumentException">The region does not overlap the photo.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The segmenter was disposed.</exception>
    public static SegmentationResult Segment(
        this ISegmenter segmenter, RgbImage image, PixelBox region, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        return new RegionSegmenter(segmenter, region).Segment(image, progress, cancellationToken);
    }

    /// <summary>Segments a part of a photo on the thread pool; see <see cref="Segment(ISegmenter, RgbImage, PixelBox, IProgress{WorkProgress}?, CancellationToken)"/>.</summary>
    /// <exception cref="ArgumentException">The region does not overlap the photo.</exception>
    public static Task<SegmentationResult> SegmentAsync(
        this ISegmenter segmenter, RgbImage image, PixelBox region, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        ArgumentNullException.ThrowIfNull(image);
        return new RegionSegmenter(segmenter, region).SegmentAsync(image, progress, cancellationToken);
    }
}
