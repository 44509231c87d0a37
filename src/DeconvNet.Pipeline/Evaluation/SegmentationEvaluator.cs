using System.Diagnostics;
using DeconvNet.Datasets;
using DeconvNet.Evaluation.Metrics;
using DeconvNet.Evaluation.Reports;
using DeconvNet.Segmentation;

namespace DeconvNet.Evaluation;

/// <summary>Evaluates segmenters on the class masks of a data set. Thread-safe.</summary>
public static class SegmentationEvaluator
{
    /// <summary>
    /// Segments every image and compares it with its mask; counts are summed over all images before scores are computed, as VOC does.
    /// </summary>
    /// <param name="segmenter">The segmenter to evaluate.</param>
    /// <param name="dataset">Images with class masks.</param>
    /// <param name="progress">Reports each finished image.</param>
    /// <param name="cancellationToken">Cancels the work, even within an image.</param>
    /// <exception cref="ArgumentException">The data set is empty, or the classes of segmenter and data set differ.</exception>
    /// <exception cref="FileNotFoundException">A photo or mask is missing.</exception>
    /// <exception cref="InvalidDataException">A photo or mask cannot be read, or they do not match.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static EvaluationReport Evaluate(
        this ISegmenter segmenter,
        ISegmentationDataset dataset,
        IProgress<EvaluationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        return Evaluate([new EvaluationMethod("segmenter", segmenter)], dataset, folder: null, progress, cancellationToken)[0] with { Method = "" };
    }

    /// <summary>
    /// Evaluates several methods, image by image, so that methods with common parts can share work. With a folder, the result of each image
    /// is stored, finished images are not repeated, and images without masks are segmented too (their counts are empty).
    /// </summary>
    /// <param name="methods">The methods to evaluate; names must differ.</param>
    /// <param name="dataset">The images; class masks may be missing altogether if there is a <paramref name="folder"/>.</param>
    /// <param name="folder">Where results are stored; <see langword="null"/> to store none.</param>
    /// <param name="progress">Reports each finished image, with the mean IoU of the first method.</param>
    /// <param name="cancellationToken">Cancels the work, even within an image.</param>
    /// <returns>One report per method, in the given order.</returns>
    /// <exception cref="ArgumentException">The data set is empty, the classes of a method and the data set differ, there is no method, or two have the same name.</exception>
    /// <exception cref="FileNotFoundException">A photo or mask is missing.</exception>
    /// <exception cref="InvalidDataException">A photo, mask or stored result cannot be read or does not match.</exception>
    /// <exception cref="IOException">Another evaluation is running in the folder.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static IReadOnlyList<EvaluationReport> Evaluate(
        IReadOnlyList<EvaluationMethod> methods,
        ISegmentationDataset dataset,
        EvaluationFolder? folder,
        IProgress<EvaluationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(dataset);
        Check(methods, dataset);
        using var held = folder?.Lock();
        foreach (var method in methods)
            folder?.Open(new MethodCard(method.Name, method.Description, dataset.ClassNames));

        var classes = dataset.ClassNames.Count;
        var counted = methods.Select(_ => new ConfusionMatrix(classes)).ToArray();
        var times = new TimeSpan[methods.Count];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < dataset.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var image = new EvaluatedImage(dataset, i, masksMayBeMissing: folder is not null);
            for (var m = 0; m < methods.Count; m++)
            {
                var score = folder?.Find(methods[m].Name, image.Id, classes) ?? image.Score(methods[m], folder, cancellationToken);
                counted[m].Merge(score.Confusion);
                times[m] += score.Time;
            }

            progress?.Report(new EvaluationProgress(i + 1, dataset.Count)
            {
                Id = image.Id,
                MeanIoU = counted[0].MeanIoU,
                Elapsed = Stopwatch.GetElapsedTime(start),
            });
        }

        return [.. methods.Select((method, m) => new EvaluationReport(dataset.ClassNames, counted[m])
        {
            Method = method.Name,
            Title = dataset.Name,
            ImageCount = dataset.Count,
            SegmentationTime = times[m],
        })];
    }

    private static void Check(IReadOnlyList<EvaluationMethod> methods, ISegmentationDataset dataset)
    {
        if (dataset.Count == 0)
            throw new ArgumentException("There is no image to evaluate on.", nameof(dataset));
        if (methods.Count == 0)
            throw new ArgumentException("There is no method to evaluate.", nameof(methods));

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var method in methods)
        {
            if (!names.Add(method.Name))
                throw new ArgumentException($"The method {method.Name} is named twice.", nameof(methods));
            if (!method.Segmenter.ClassNames.SequenceEqual(dataset.ClassNames))
            {
                throw new ArgumentException(
                    $"The method {method.Name} has the classes {string.Join(", ", method.Segmenter.ClassNames)}; the data set has {string.Join(", ", dataset.ClassNames)}.", nameof(methods));
            }
        }
    }
}
