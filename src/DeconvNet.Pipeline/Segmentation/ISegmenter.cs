using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

/// <summary>
/// Assigns a class to every pixel of a photo. Implementations are thread-safe: parallel calls give bit-identical results to
/// sequential ones. Overloads for paths, streams, async and many images are extension methods in <see cref="SegmenterExtensions"/>.
/// </summary>
public interface ISegmenter : IDisposable
{
    /// <summary>Class names by id; id 0 is background.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>Segments a photo of any size.</summary>
    /// <param name="image">The photo.</param>
    /// <param name="progress">Reports each finished batch, on the calling thread.</param>
    /// <param name="cancellationToken">Cancels the work, at the latest before the next batch.</param>
    /// <returns>The labels, of the photo's size, with scores, proposals and timings.</returns>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The segmenter was disposed.</exception>
    SegmentationResult Segment(RgbImage image, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default);
}
