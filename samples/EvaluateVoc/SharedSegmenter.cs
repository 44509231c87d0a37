using DeconvNet;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;

namespace EvaluateVoc;

/// <summary>Remembers the result of the last photo, so that several methods that begin with the same segmenter run it once.</summary>
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
