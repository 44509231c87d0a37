using System.Diagnostics;
using DeconvNet.Datasets;
using DeconvNet.Evaluation.Metrics;
using DeconvNet.Proposals;

namespace DeconvNet.Evaluation;

/// <summary>Measures proposal generators against a data set's objects. Thread-safe, as generators and data set are.</summary>
public static class ProposalEvaluator
{
    /// <summary>Generates proposals for every image and compares them with its objects, except those marked as difficult.</summary>
    /// <param name="generator">What is measured.</param>
    /// <param name="dataset">Images whose objects are known.</param>
    /// <param name="maxCount">Proposals per image, at least 1.</param>
    /// <param name="progress">Receives each finished image.</param>
    /// <param name="cancellationToken">Ends the work within the image at hand.</param>
    /// <exception cref="ArgumentException">The data set knows no objects.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is below 1.</exception>
    /// <exception cref="FileNotFoundException">A photo or annotation is missing.</exception>
    /// <exception cref="InvalidDataException">A photo or annotation cannot be read, or they do not fit.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static ProposalRecall Evaluate(
        this IProposalGenerator generator,
        ISegmentationDataset dataset,
        int maxCount = 1000,
        IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        if (!dataset.HasObjects)
            throw new ArgumentException("No image of the data set has an annotation or a mask, so there are no objects to cover.", nameof(dataset));

        var recall = new ProposalRecall();
        for (var i = 0; i < dataset.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var image = dataset.LoadImage(i);
            var start = Stopwatch.GetTimestamp();
            var proposals = generator.Generate(image, maxCount, cancellationToken);
            recall.Time += Stopwatch.GetElapsedTime(start);
            recall.Add(dataset.LoadObjects(i).Where(thing => !thing.Difficult).Select(thing => thing.Box), proposals);
            progress?.Report(new WorkProgress(i + 1, dataset.Count));
        }

        return recall;
    }
}
