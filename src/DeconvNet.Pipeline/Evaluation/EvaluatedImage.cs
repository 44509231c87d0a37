using System.Diagnostics;
using DeconvNet.Datasets;
using DeconvNet.Imaging;

namespace DeconvNet.Evaluation;

/// <summary>An image being evaluated; photo and mask are read once, when the first method needs them.</summary>
internal sealed class EvaluatedImage(ISegmentationDataset dataset, int index, bool masksMayBeMissing)
{
    private readonly Lazy<RgbImage> photo = new(() => dataset.LoadImage(index));
    private readonly Lazy<LabelMap?> truth = new(() => masksMayBeMissing && !dataset.HasLabels ? null : dataset.LoadLabels(index));

    public string Id => dataset.Ids[index];

    public ImageScore Score(EvaluationMethod method, EvaluationFolder? folder, CancellationToken cancellationToken)
    {
        var (image, mask) = (photo.Value, truth.Value);
        var start = Stopwatch.GetTimestamp();
        var result = method.Segmenter.Segment(image, progress: null, cancellationToken);

        // A method that reuses another method's work reports the time that it would have taken alone.
        var time = result.Timings.Total > TimeSpan.Zero ? result.Timings.Total : Stopwatch.GetElapsedTime(start);
        var score = ImageScore.Of(Id, result.Labels, mask, dataset.ClassNames.Count, time);
        folder?.Save(method.Name, score, result.Labels);
        return score;
    }
}
