using DeconvNet.Datasets;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Segmentation.Scores;
using DeconvNet.Training.Distillation;

namespace DeconvNet.Tests.Training;

/// <summary>A teacher that knows what <see cref="DrawnScenes"/> show by the color of the pixels, and says so with some doubt.</summary>
internal sealed class ColorTeacher : ISegmenter
{
    private const float Sure = 8;

    public IReadOnlyList<string> ClassNames => VocClasses.Names;

    /// <summary>Its predictions for the photos of a data set.</summary>
    public static SoftTargets Ask(ISegmentationDataset data)
    {
        using var teacher = new ColorTeacher();
        return SoftTargets.Create(data, teacher, cancellationToken: TestContext.Current.CancellationToken);
    }

    public static ScoreMap Scores(RgbImage photo)
    {
        var area = photo.Width * photo.Height;
        var logits = new float[21 * area];
        for (var i = 0; i < area; i++)
        {
            var pixel = photo.Pixels.Slice(3 * i, 3);
            var id = (pixel[0], pixel[1], pixel[2]) switch
            {
                ( > 180, > 180, > 180) => 17,
                ( > 145, _, _) => 12,
                (_, > 130, < 105) => 8,
                _ => 0,
            };
            logits[(id * area) + i] = Sure;
        }

        return new ScoreMap(ScoreKind.Logits, 21, photo.Width, photo.Height, logits);
    }

    public SegmentationResult Segment(RgbImage image, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var scores = Scores(image);
        return new SegmentationResult(image, scores.ToLabels(image.Width, image.Height), ClassNames) { Scores = scores };
    }

    public void Dispose()
    {
    }
}
