using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

/// <summary>
/// Names the class of every pixel of a photo. Implementations are thread-safe: parallel calls give the same result, bit for bit,
/// as calls in turn. Other forms of the call (paths, streams, async, many images) are extension methods in <see cref="SegmenterExtensions"/>.
/// </summary>
public interface ISegmenter : IDisposable
{
    /// <summary>Class names by id; index 0 is background.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>Segments one photo of any size from 1×1.</summary>
    /// <param name="image">The photo.</param>
    /// <param name="progress">Receives each finished batch, on the calling thread.</param>
    /// <param name="cancellationToken">Ends the work before the next batch at the latest.</param>
    /// <returns>Labels of the photo's size, and how they came about.</returns>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The segmenter was disposed.</exception>
    SegmentationResult Segment(RgbImage image, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default);
}
