using System.Diagnostics;
using DeconvNet.Crf;
using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

/// <summary>
/// Refines the results of any segmenter with a fully connected CRF: labels follow the edges of the photo, and specks disappear. The scores of its results are
/// the marginals. See <see cref="SegmenterExtensions.WithCrf"/>.
/// </summary>
/// <remarks>
/// Thread-safe if the inner segmenter is. For regions that were rejected as background (<see cref="SegmentationResult.MinRegionConfidence"/>), the CRF gets the scores of
/// their class and of background swapped: marginals are close to 0 or 1, so a threshold on them would have no effect.
/// </remarks>
public sealed class CrfSegmenter : ISegmenter
{
    // The number of steps of the inner segmenter is not known in advance.
    private const int InnerSteps = 100;

    private readonly ISegmenter inner;
    private readonly DenseCrf crf;
    private bool disposed;

    /// <summary>Creates a segmenter that applies a CRF to the results of another one.</summary>
    /// <param name="inner">The inner segmenter, disposed with this one; its results must keep their scores.</param>
    /// <param name="options">The CRF parameters; <see cref="CrfOptions.DeconvNet"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a compatibility is for a different number of classes.</exception>
    public CrfSegmenter(ISegmenter inner, CrfOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        crf = new DenseCrf(options ?? CrfOptions.DeconvNet);
        foreach (var compatibility in new[] { Options.Gaussian?.Compatibility, Options.Bilateral?.Compatibility })
        {
            if (compatibility?.LabelCount is { } labels && labels != inner.ClassNames.Count)
                throw new ArgumentException($"The segmenter has {inner.ClassNames.Count} classes, but a compatibility in the options is for {labels}.", nameof(options));
        }

        this.inner = inner;
    }

    /// <summary>The CRF parameters.</summary>
    public CrfOptions Options => crf.Options;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => inner.ClassNames;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The inner segmenter did not keep its scores, or one of them is not finite.</exception>
    public SegmentationResult Segment(RgbImage image, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ObjectDisposedException.ThrowIf(disposed, this);
        return SegmentationTelemetry.Measure(this, image, () => Find(image, progress, cancellationToken));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        disposed = true;
        inner.Dispose();
    }

    private SegmentationResult Find(RgbImage image, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var steps = InnerSteps + Options.Iterations;
        var found = inner.Segment(image, PartProgress.Of(progress, 0, InnerSteps, steps), cancellationToken);
        var scores = found.RequireScores($"The {inner.GetType().Name}");

        var start = Stopwatch.GetTimestamp();
        var refined = scores.WithMinRegionConfidence(found.MinRegionConfidence).Refine(image, crf, PartProgress.Of(progress, InnerSteps, Options.Iterations, steps), cancellationToken);
        var labels = refined.ToLabels(image.Width, image.Height);
        return new SegmentationResult(image, labels, ClassNames)
        {
            Scores = refined,
            Proposals = found.Proposals,
            Timings = found.Timings with { Crf = found.Timings.Crf + Stopwatch.GetElapsedTime(start) },
        };
    }
}
