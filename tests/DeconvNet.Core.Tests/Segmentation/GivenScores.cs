using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Tests.Segmentation;

/// <summary>A segmenter whose scores are given; two seconds of network time per photo.</summary>
internal sealed class GivenScores(ScoreMap? map) : ISegmenter
{
    public ScoreMap? Map => map;

    public IReadOnlyList<string> ClassNames { get; init; } = ["background", "thing"];

    public bool IsDisposed { get; private set; }

    public SegmentationResult Segment(RgbImage image, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        progress?.Report(new WorkProgress(0, 1));
        var labels = map?.ToLabels(image.Width, image.Height) ?? new LabelMap(image.Width, image.Height, new byte[image.Width * image.Height]);
        progress?.Report(new WorkProgress(1, 1));
        return new SegmentationResult(image, labels, ClassNames) { Scores = map, Timings = new SegmentationTimings { Network = TimeSpan.FromSeconds(2) } };
    }

    public void Dispose() => IsDisposed = true;
}
