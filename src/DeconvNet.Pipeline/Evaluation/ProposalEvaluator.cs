using System.Diagnostics;
using DeconvNet.Datasets;
using DeconvNet.Evaluation.Metrics;
using DeconvNet.Proposals;

namespace DeconvNet.Evaluation;

/// <summary>Evaluates proposal generators on the objects of a data set. Thread-safe.</summary>
public static class ProposalEvaluator
{
    /// <summary>Generates proposals for every image and compares them with its objects, except difficult ones.</summary>
    /// <param name="generator">The generator to evaluate.</param>
    /// <param name="dataset">Images with annotated objects.</param>
    /// <param name="maxCount">Proposals per image, at least 1.</param>
    /// <param name="progress">Reports each finished image.</param>
    /// <param name="cancellationToken">Cancels the work, even within an image.</param>
    /// <exception cref="ArgumentException">The data set has no annotated objects.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is below 1.</exception>
    /// <exception cref="FileNotFoundException">A photo or annotation is missing.</exception>
    /// <exception cref="InvalidDataException">A photo or annotation cannot be read, or they do not match.</exception>
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
