using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

/// <summary>
/// Lets several segmenters look at a photo and combines their scores: with a <see cref="ProposalSegmenter"/> and an FCN-8s it is the paper's
/// EDeconvNet, since the one is good at single objects and their outlines and the other at the whole scene.
/// </summary>
/// <remarks>Thread-safe if its members are. The members work one after the other, each on all cores.</remarks>
public sealed class EnsembleSegmenter : ISegmenter
{
    // Members count their own steps, which are not known before each begins: every member is one equal part of the way.
    private const int StepsOfMember = 100;

    private readonly ISegmenter[] members;
    private bool disposed;

    /// <summary>Makes an ensemble.</summary>
    /// <param name="members">Two segmenters or more that know the same classes; they are disposed with the ensemble, and their results must keep scores.</param>
    /// <param name="options">The recipe; <see cref="EnsembleOptions.Default"/> if omitted.</param>
    /// <exception cref="ArgumentException">There are fewer than two members, they know other classes, or an option is out of its range.</exception>
    public EnsembleSegmenter(IReadOnlyList<ISegmenter> members, EnsembleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.Count < 2)
            throw new ArgumentException($"An ensemble has two members or more, not {members.Count}.", nameof(members));

        for (var i = 0; i < members.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(members[i], nameof(members));
            if (!members[i].ClassNames.SequenceEqual(members[0].ClassNames))
            {
                throw new ArgumentException(
                    $"Member 0 knows the classes {string.Join(", ", members[0].ClassNames)}; member {i} knows {string.Join(", ", members[i].ClassNames)}.", nameof(members));
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
    /// <exception cref="InvalidOperationException">A member did not keep its scores.</exception>
    public SegmentationResult Segment(RgbImage image, IProgress<SegmentationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ObjectDisposedException.ThrowIf(disposed, this);
        var results = new SegmentationResult[members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results[i] = members[i].Segment(image, progress is null ? null : new MemberProgress(progress, i, members.Length), cancellationToken);
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

    /// <inheritdoc/>
    public void Dispose()
    {
        disposed = true;
        foreach (var member in members)
            member.Dispose();
    }

    private sealed class MemberProgress(IProgress<SegmentationProgress> whole, int member, int members) : IProgress<SegmentationProgress>
    {
        public void Report(SegmentationProgress value) => whole.Report(
            new SegmentationProgress((member * StepsOfMember) + (int)(value.Fraction * StepsOfMember), members * StepsOfMember));
    }
}
