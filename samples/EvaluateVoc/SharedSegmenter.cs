using DeconvNet;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;

namespace EvaluateVoc;

/// <summary>Caches the result of the last photo, so that a segmenter shared by several methods runs once.</summary>
internal sealed class SharedSegmenter(ISegmenter inner) : ISegmenter
{
    private RgbImage? lastImage;
    private SegmentationResult? lastResult;

    public IReadOnlyList<string> ClassNames => inner.ClassNames;

    public SegmentationResult Segment(RgbImage image, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (!ReferenceEquals(image, lastImage))
        {
            lastResult = inner.Segment(image, progress, cancellationToken);
            lastImage = image;
        }

        return lastResult!;
    }

    public void Dispose() => inner.Dispose();
}
