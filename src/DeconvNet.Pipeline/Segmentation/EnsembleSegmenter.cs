using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

/// <summary>
/// Segments a photo with several segmenters and combines their scores. A <see cref="ProposalSegmenter"/> and an FCN-8s together are the paper's
/// EDeconvNet: the former is good at individual objects and their outlines, the latter at the scene as a whole.
/// </summary>
/// <remarks>Thread-safe if its members are. Members run one after another, each on all cores.</remarks>
public sealed class EnsembleSegmenter : ISegmenter
{
    // The number of steps of a member is not known in advance, so all members count equally.
    private const int StepsOfMember = 100;

    private readonly ISegmenter[] members;
    private bool disposed;

    /// <summary>Creates an ensemble.</summary>
    /// <param name="members">Two or more segmenters with the same classes, disposed with the ensemble; their results must keep their scores.</param>
    /// <param name="options">The recipe; <see cref="EnsembleOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">There are fewer than two members, their classes differ, or an option is out of range.</exception>
    public EnsembleSegmenter(IReadOnlyList<ISegmenter> members, EnsembleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.Count < 2)
            throw new ArgumentException($"An ensemble needs at least two members; there are {members.Count}.", nameof(members));

        for (var i = 0; i < members.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(members[i], nameof(members));
            if (!members[i].ClassNames.SequenceEqual(members[0].ClassNames))
            {
                throw new ArgumentException(
                    $"Member 0 has the classes {string.Join(", ", members[0].ClassNames)}; member {i} has {string.Join(", ", members[i].ClassNames)}.", nameof(members));
            }
        }

        Options = options ?? EnsembleOptions.Default;
        Options.Validate(members.Count);
        this.members = [.. members];
    }

    /// <summary>The recipe.</summary>
    public EnsembleOptions Options { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => members[0].ClassNames;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A member did not keep its scores, or one of them is not finite.</exception>
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
        foreach (var member in members)
            member.Dispose();
    }

    private SegmentationResult Find(RgbImage image, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var results = new SegmentationResult[members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results[i] = members[i].Segment(image, PartProgress.Of(progress, i * StepsOfMember, StepsOfMember, members.Length * StepsOfMember), cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var clock = new StageClock();
        var combined = ScoreEnsemble.Combine([.. results.Select((result, i) => result.RequireScores($"Member {i} of the ensemble, a {members[i].GetType().Name},"))], Options).AtTemperature(Options.Temperature);
        var minRegionConfidence = Options.MinRegionConfidence ?? results.Average(result => result.MinRegionConfidence);
        var labels = combined.ToLabels(image.Width, image.Height, minRegionConfidence);
        clock.EndMerge();
        return new SegmentationResult(image, labels, ClassNames)
        {
            Scores = Options.KeepScores ? combined : null,
            MinRegionConfidence = minRegionConfidence,
            Proposals = [.. results.SelectMany(result => result.Proposals)],
            Timings = results.Aggregate(clock.Timings, (sum, result) => sum + result.Timings),
        };
    }
}
