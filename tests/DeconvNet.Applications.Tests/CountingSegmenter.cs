using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Applications.Tests;

/// <summary>Finds a cat in the left half of every photo, and does what it is told before.</summary>
internal sealed class CountingSegmenter(Action<CancellationToken>? beforeEach = null) : ISegmenter
{
    private int photos;

    public int Photos => photos;

    public IReadOnlyList<string> ClassNames => ["background", "cat"];

    public SegmentationResult Segment(RgbImage image, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref photos);
        progress?.Report(new WorkProgress(0, 2));
        beforeEach?.Invoke(cancellationToken);
        progress?.Report(new WorkProgress(2, 2));
        var scores = new ScoreMap(ScoreKind.Probabilities, 2, 2, 1, [0.25f, 0.75f, 0.75f, 0.25f]);
        return new SegmentationResult(image, scores.ToLabels(image.Width, image.Height), ClassNames) { Scores = scores };
    }

    public void Dispose()
    {
    }
}
