using System.Diagnostics;
using DeconvNet.Data;
using DeconvNet.Segmentation;

namespace DeconvNet.Evaluation;

/// <summary>Measures a segmenter against a data set's class masks. Thread-safe, as the segmenter and the data set are.</summary>
public static class SegmentationEvaluator
{
    /// <summary>
    /// Segments every image and compares it with its mask; the counts of all images are added before any score is computed, as VOC does.
    /// </summary>
    /// <param name="segmenter">What is measured.</param>
    /// <param name="dataset">Images with class masks.</param>
    /// <param name="progress">Told after each image.</param>
    /// <param name="cancellationToken">Ends the work within the image at hand.</param>
    /// <exception cref="ArgumentException">The data set is empty, or segmenter and data set have other classes.</exception>
    /// <exception cref="FileNotFoundException">A photo or mask is missing.</exception>
    /// <exception cref="InvalidDataException">A photo or mask cannot be read, or they do not fit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static EvaluationReport Evaluate(
        this ISegmenter segmenter,
        VocDataset dataset,
        IProgress<EvaluationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Count == 0)
            throw new ArgumentException("There is no image to evaluate on.", nameof(dataset));
        if (!segmenter.ClassNames.SequenceEqual(dataset.ClassNames))
        {
            throw new ArgumentException(
                $"The segmenter knows the classes {string.Join(", ", segmenter.ClassNames)}; the data set has {string.Join(", ", dataset.ClassNames)}.", nameof(segmenter));
        }

        var confusion = new ConfusionMatrix(dataset.ClassNames.Count);
        var segmentation = new Stopwatch();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < dataset.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var truth = dataset.LoadLabels(i);
            var image = dataset.LoadImage(i);
            segmentation.Start();
            var prediction = segmenter.Segment(image, progress: null, cancellationToken).Labels;
            segmentation.Stop();
            confusion.Add(prediction, truth);
            progress?.Report(new EvaluationProgress(i + 1, dataset.Count, dataset.Ids[i], confusion.MeanIoU, Stopwatch.GetElapsedTime(start)));
        }

        return new EvaluationReport(dataset.ClassNames, confusion)
        {
            Title = dataset.ImageSet,
            Images = dataset.Count,
            SegmentationTime = segmentation.Elapsed,
        };
    }
}
