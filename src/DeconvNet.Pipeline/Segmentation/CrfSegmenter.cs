using System.Diagnostics;
using DeconvNet.Crf;
using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

/// <summary>
/// Refines what any segmenter finds by a fully connected CRF: labels follow the borders of the photo, specks vanish. The scores of its results are
/// the marginals. Made by <see cref="SegmenterExtensions.WithCrf"/>.
/// </summary>
/// <remarks>Thread-safe if the inner segmenter is.</remarks>
public sealed class CrfSegmenter : ISegmenter
{
    // The inner segmenter's steps are not known before it begins.
    private const int InnerSteps = 100;

    private readonly ISegmenter inner;
    private readonly DenseCrf crf;
    private bool disposed;

    /// <summary>Puts a CRF behind a segmenter.</summary>
    /// <param name="inner">The segmenter, disposed with this one; its results must keep scores.</param>
    /// <param name="options">Parameters of the CRF; <see cref="CrfOptions.DeconvNet"/> if omitted.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a compatibility is made for another number of classes.</exception>
    public CrfSegmenter(ISegmenter inner, CrfOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        crf = new DenseCrf(options ?? CrfOptions.DeconvNet);
        foreach (var compatibility in new[] { Options.Gaussian?.Compatibility, Options.Bilateral?.Compatibility })
        {
            if (compatibility?.Labels is { } labels && labels != inner.ClassNames.Count)
                throw new ArgumentException($"The segmenter knows {inner.ClassNames.Count} classes, a compatibility of the options is made for {labels}.", nameof(options));
        }

        this.inner = inner;
    }

    /// <summary>Parameters of the CRF.</summary>
    public CrfOptions Options => crf.Options;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => inner.ClassNames;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The inner segmenter did not keep its scores.</exception>
    public SegmentationResult Segment(RgbImage image, IProgress<SegmentationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ObjectDisposedException.ThrowIf(disposed, this);
        var whole = progress is null ? null : new WholeProgress(progress, Options.Iterations);
        var found = inner.Segment(image, whole, cancellationToken);
        var scores = found.RequireScores($"The {inner.GetType().Name}");

        var begun = Stopwatch.GetTimestamp();
        var refined = scores.WithMinRegionConfidence(found.MinRegionConfidence).Refine(image, crf, whole, cancellationToken);
        var labels = refined.ToLabels(image.Width, image.Height);
        return new SegmentationResult(image, labels, ClassNames)
        {
            Scores = refined,
            Proposals = found.Proposals,
            Timings = found.Timings with { Crf = found.Timings.Crf + Stopwatch.GetElapsedTime(begun) },
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        disposed = true;
        inner.Dispose();
    }

    private sealed class WholeProgress(IProgress<SegmentationProgress> whole, int iterations) : IProgress<SegmentationProgress>, IProgress<CrfProgress>
    {
        public void Report(SegmentationProgress value) => Tell((int)(value.Fraction * InnerSteps));

        public void Report(CrfProgress value) => Tell(InnerSteps + value.Done);

        private void Tell(int done) => whole.Report(new SegmentationProgress(done, InnerSteps + iterations));
    }
}
