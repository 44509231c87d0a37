using DeconvNet.Imaging;
using DeconvNet.Proposals;
using DeconvNet.Proposals.Ranking;
using DeconvNet.Proposals.Search;

namespace DeconvNet.Segmentation;

/// <summary>
/// The paper's method: object proposals are cut out of the photo, the network scores the pixels of each crop,
/// and the scores of all crops are merged into one map. Pixels that no proposal covers are background.
/// </summary>
/// <remarks>
/// Thread-safe; parallel calls share the network, and results are bit-identical. Memory is bounded by <see cref="ProposalSegmenterOptions.MaxWorkingSide"/>
/// and <see cref="ProposalSegmenterOptions.BatchSize"/>, whatever the size of the photo.
/// </remarks>
public sealed partial class ProposalSegmenter : ISegmenter
{
    // Skipped crops are not counted, so a minimum side needs spares: the paper generates about 2000 proposals per image.
    private const int CandidatesWithMinimumSide = 2000;

    private readonly IScorer scorer;
    private readonly int inputSize;
    private readonly IProposalGenerator proposals;
    private bool disposed;

    /// <summary>Creates a segmenter for any engine.</summary>
    /// <param name="scorer">Runs the network, which must have a fixed input size. Disposed with the segmenter.</param>
    /// <param name="proposals">Finds the regions to score; <see cref="RankedEdgeBoxes"/> if omitted. The published method uses <see cref="EdgeBoxes"/>.</param>
    /// <param name="options">The recipe; <see cref="ProposalSegmenterOptions.Default"/> if omitted. Values left open come from the scorer's settings.</param>
    /// <exception cref="ArgumentException">An option is out of range, the network has no fixed input size, or the number of classes is not 1 … 255.</exception>
    public ProposalSegmenter(IScorer scorer, IProposalGenerator? proposals = null, ProposalSegmenterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        Options = (options ?? ProposalSegmenterOptions.Default).CompletedBy(scorer.Settings);
        Options.Validate();
        inputSize = scorer.InputSize
            ?? throw new ArgumentException("The network takes images of any size, so it needs no proposals: FcnSegmenter is for such networks.", nameof(scorer));
        scorer.RequireClasses();

        this.scorer = scorer;
        this.proposals = proposals ?? new RankedEdgeBoxes();
    }

    /// <summary>The recipe, with the open values filled in.</summary>
    public ProposalSegmenterOptions Options { get; }

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
        var clock = new StageClock();
        var working = image.ShrinkTo(Options.MaxWorkingSide);
        var chosen = Choose(image, working, cancellationToken);
        clock.EndProposals();

        var merged = Score(working, [.. chosen.Select(proposal => proposal.Crop)], clock, progress, cancellationToken);
        var labels = merged.ToLabels(image.Width, image.Height, Options.MinRegionConfidence!.Value);
        clock.EndMerge();
        return new SegmentationResult(image, labels, ClassNames)
        {
            Scores = Options.KeepScores ? merged : null,
            MinRegionConfidence = Options.MinRegionConfidence.Value,
            Proposals = [.. chosen.Select(proposal => new UsedProposal(proposal.Found.Box, proposal.Crop.Scale(working.Size, image.Size), proposal.Found.Score))],
            Timings = clock.Timings,
        };
    }

    /// <summary>The proposals to score, in pixels of the photo, and their crops, in pixels of the working image.</summary>
    private List<(Proposal Found, PixelBox Crop)> Choose(RgbImage photo, RgbImage working, CancellationToken cancellationToken)
    {
        var chosen = new List<(Proposal, PixelBox)>();
        if (Options.IncludeWholeImage)
            Take(new Proposal(photo.Bounds, float.PositiveInfinity));

        var count = Options.MaxProposals!.Value;
        var missing = count - chosen.Count;
        if (missing == 0)
            return chosen;

        var candidates = Options.MinSide > 0 ? Math.Max(missing, CandidatesWithMinimumSide) : missing;
        foreach (var proposal in proposals.Generate(photo, candidates, cancellationToken).TakeWhile(_ => chosen.Count < count))
            Take(proposal);
        return chosen;

        void Take(Proposal proposal)
        {
            if (ShowsLittle(proposal.Box, photo))
                return;

            var crop = proposal.Box.Scale(photo.Size, working.Size).ToSquare(Options.ContextFactor);
            if (Math.Min(crop.Width, crop.Height) >= Options.MinSide)
                chosen.Add((proposal, crop));
        }
    }

    /// <summary>Boxes from a file may be anything; boxes that miss the photo, or are so large that the photo becomes a dot, are useless.</summary>
    private static bool ShowsLittle(PixelBox box, RgbImage photo) =>
        box.Intersect(photo.Bounds).IsEmpty || Math.Max((long)box.X1 - box.X0, (long)box.Y1 - box.Y0) > 4L * Math.Max(photo.Width, photo.Height);
}
