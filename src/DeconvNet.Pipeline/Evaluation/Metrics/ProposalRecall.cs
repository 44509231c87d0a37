using DeconvNet.Imaging;
using DeconvNet.Proposals;

namespace DeconvNet.Evaluation.Metrics;

/// <summary>
/// Recall of proposals: how many objects the best proposals of each image cover. A proposal covers an object at an overlap of o if their
/// IoU is at least o. Not thread-safe while images are added.
/// </summary>
public sealed class ProposalRecall
{
    private readonly List<List<(int Rank, double Overlap)>> objects = [];

    /// <summary>Number of objects so far.</summary>
    public int ObjectCount => objects.Count;

    /// <summary>Number of images so far.</summary>
    public int ImageCount { get; private set; }

    /// <summary>Number of proposals of all images so far.</summary>
    public long ProposalCount { get; private set; }

    /// <summary>Time spent generating proposals, if measured.</summary>
    public TimeSpan Time { get; internal set; }

    /// <summary>Adds an image.</summary>
    /// <param name="boxes">The boxes of its objects, in pixels.</param>
    /// <param name="proposals">Its proposals, best first.</param>
    public void Add(IEnumerable<PixelBox> boxes, IReadOnlyList<Proposal> proposals)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(proposals);
        foreach (var box in boxes)
        {
            // Only proposals that are better than all previous ones matter, at any number of proposals.
            var steps = new List<(int Rank, double Overlap)>();
            var best = 0.0;
            for (var rank = 0; rank < proposals.Count; rank++)
            {
                if (proposals[rank].Box.IoU(box) is var overlap && overlap > best)
                    steps.Add((rank, best = overlap));
            }

            objects.Add(steps);
        }

        ImageCount++;
        ProposalCount += proposals.Count;
    }

    /// <summary>Fraction of the objects that the first <paramref name="count"/> proposals cover, 0 … 1; NaN if there are no objects.</summary>
    /// <param name="count">Proposals per image, at least 1.</param>
    /// <param name="overlap">Minimum IoU, above 0, at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of range.</exception>
    public double Recall(int count, double overlap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!(overlap > 0 && overlap <= 1))
            throw new ArgumentOutOfRangeException(nameof(overlap), overlap, "The overlap must be above 0, at most 1.");

        return (double)objects.Count(steps => Best(steps, count) >= overlap) / ObjectCount;
    }

    /// <summary>Average best overlap (ABO): the mean over all objects of the best IoU among the first <paramref name="count"/> proposals, 0 … 1; NaN if there are no objects.</summary>
    /// <param name="count">Proposals per image, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public double AverageBestOverlap(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return ObjectCount == 0 ? double.NaN : objects.Average(steps => Best(steps, count));
    }

    private static double Best(List<(int Rank, double Overlap)> steps, int count)
    {
        var best = 0.0;
        foreach (var (rank, overlap) in steps)
        {
            if (rank < count)
                best = overlap;
        }

        return best;
    }
}
