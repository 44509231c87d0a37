using System.Numerics.Tensors;
using DeconvNet.Imaging;
using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Segmentation;

/// <summary>Segments a photo of any size in a single pass over the whole photo (FCN; Long, Shelhamer, Darrell 2015).</summary>
/// <remarks>
/// Thread-safe; parallel calls share the network, and results are bit-identical. Memory is bounded by <see cref="FcnSegmenterOptions.MaxSide"/>, whatever the size of the photo.
/// </remarks>
public sealed class FcnSegmenter : ISegmenter
{
    private readonly IScorer scorer;
    private bool disposed;

    /// <summary>Creates a segmenter for any engine.</summary>
    /// <param name="scorer">Runs the network, which must accept images of any size. Disposed with the segmenter.</param>
    /// <param name="options">The recipe; <see cref="FcnSegmenterOptions.Default"/> if omitted. Values left open come from the scorer's settings.</param>
    /// <exception cref="ArgumentException">An option is out of range, the network has a fixed input size, or the number of classes is not 1 … 255.</exception>
    public FcnSegmenter(IScorer scorer, FcnSegmenterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        Options = (options ?? FcnSegmenterOptions.Default).CompletedBy(scorer.Settings);
        Options.Validate();
        if (scorer.InputSize is { } side)
            throw new ArgumentException($"The network takes crops of {side}×{side} only: ProposalSegmenter is for such networks.", nameof(scorer));
        scorer.RequireClasses();

        this.scorer = scorer;
    }

    /// <summary>The recipe, with the open values filled in.</summary>
    public FcnSegmenterOptions Options { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => scorer.ClassNames;

    /// <inheritdoc/>
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
        scorer.Dispose();
    }

    private SegmentationResult Find(RgbImage image, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RgbImage[] views = Options.Mirror ? [image, image.FlipHorizontal()] : [image];
        var clock = new StageClock();
        progress?.Report(new WorkProgress(0, views.Length));
        float[]? scores = null;
        var size = image.Size;
        for (var i = 0; i < views.Length; i++)
        {
            var working = Resize(views[i]);
            size = working.Size;
            var (width, height) = (Math.Max(size.Width, Options.PaddedSide ?? 0), Math.Max(size.Height, Options.PaddedSide ?? 0));
            var planes = Padded(working, width, height);
            clock.EndCrops();

            cancellationToken.ThrowIfCancellationRequested();
            var values = new float[checked(ClassNames.Count * width * height)];
            scorer.ScoreFinite(planes.Span, 1, height, width, values, cancellationToken);

            // After an exception it is left to the garbage collector, since a thread may still be reading it.
            planes.Dispose();
            clock.EndNetwork();

            scores = Merge(scores, Cut(values, width, height, size), size.Width);
            clock.EndMerge();
            progress?.Report(new WorkProgress(i + 1, views.Length));
        }

        cancellationToken.ThrowIfCancellationRequested();
        TensorPrimitives.Divide(scores, (float)Options.Temperature!.Value, scores);
        var map = new ScoreMap(ScoreKind.Logits, ClassNames.Count, size.Width, size.Height, scores!);
        var labels = map.ToLabels(image.Width, image.Height, Options.MinRegionConfidence!.Value);
        clock.EndMerge();
        return new SegmentationResult(image, labels, ClassNames)
        {
            Scores = Options.KeepScores ? map : null,
            MinRegionConfidence = Options.MinRegionConfidence.Value,
            Timings = clock.Timings,
        };
    }

    private RgbImage Resize(RgbImage photo)
    {
        var longest = photo.Size.LongestSide;
        var target = Options.WorkingSide is { } side and not FcnSegmenterOptions.SideOfPhoto ? side : Math.Min(longest, Options.MaxSide);
        if (target == longest)
            return photo;

        var (width, height) = photo.Size.ScaleTo(target);
        return Options.Antialias ? photo.ResizeAntialiased(width, height) : photo.ResizeBilinear(width, height);
    }

    /// <summary>The planes of the photo, in the upper left of the padded area.</summary>
    private ScratchArray<float> Padded(RgbImage photo, int width, int height)
    {
        var planes = new ScratchArray<float>(photo.Pixels.Length);
        scorer.Preprocessing.Apply(photo.Pixels, planes.Span);
        if ((width, height) == (photo.Width, photo.Height))
            return planes;

        using (planes)
        {
            var padded = ScratchArray<float>.Zeros(checked(3 * width * height));
            for (var plane = 0; plane < 3; plane++)
                PixelRows.Copy<float>(planes.Span[(plane * photo.Height * photo.Width)..], photo.Width, padded.Span[(plane * height * width)..], width, photo.Width, photo.Height);

            return padded;
        }
    }

    /// <summary>The scores of the photo, without those of the padding.</summary>
    private float[] Cut(float[] values, int width, int height, ImageSize photo)
    {
        if ((width, height) == (photo.Width, photo.Height))
            return values;

        var cut = new float[ClassNames.Count * photo.Width * photo.Height];
        for (var plane = 0; plane < ClassNames.Count; plane++)
            PixelRows.Copy(values.AsSpan(plane * height * width), width, cut.AsSpan(plane * photo.Height * photo.Width), photo.Width, photo.Width, photo.Height);

        return cut;
    }

    /// <summary>Averages the scores of the photo, in place, with the flipped-back scores of its mirror image.</summary>
    private static float[] Merge(float[]? scores, float[] next, int width)
    {
        if (scores is null)
            return next;
        for (var row = 0; row < scores.Length; row += width)
        {
            for (var x = 0; x < width; x++)
                scores[row + x] = (scores[row + x] + next[row + width - 1 - x]) / 2;
        }

        return scores;
    }
}
