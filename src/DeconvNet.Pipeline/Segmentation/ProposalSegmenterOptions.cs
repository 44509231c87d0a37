using DeconvNet.Segmentation.Scores;
using DeconvNet.Weights;

namespace DeconvNet.Segmentation;

/// <summary>
/// The recipe of <see cref="ProposalSegmenter"/>: which proposals are scored, how they are cut out and how their scores are merged.
/// Immutable.
/// </summary>
public sealed record ProposalSegmenterOptions
{
    /// <summary>The library's own recipe.</summary>
    public static ProposalSegmenterOptions Default { get; } = new();

    /// <summary>
    /// As <see cref="Default"/>, with 10 proposals instead of as many as the weights say: about half of the time. With the built-in weights, for which that is 20, mean
    /// IoU on photos that were not trained on falls by less than two points.
    /// </summary>
    public static ProposalSegmenterOptions Fast { get; } = new() { MaxProposals = 10 };

    /// <summary>
    /// The recipe of the paper: the best 50 proposals enlarged by 1.2, logits that are 0 outside their proposal,
    /// pixel-wise maximum, softmax of the aggregated map. Use <see cref="ScoreMerge.Sum"/> for its alternative.
    /// </summary>
    public static ProposalSegmenterOptions Paper { get; } = new()
    {
        MaxProposals = PublishedProposals,
        IncludeWholeImage = false,
        Merge = ScoreMerge.Max,
        Scores = ScoreKind.Logits,
        Floor = ScoreFloor.OutsideCrops,
        Antialias = false,
        Temperature = 1,
        MinRegionConfidence = 0,
    };

    /// <summary>
    /// The recipe of the authors' MATLAB script: as <see cref="Paper"/>, but the maximum starts from 0, crops below 112 pixels are skipped and
    /// not counted, and resizing is antialiased both ways. <see cref="ShiftByOnePixel"/> is off; with it the map lies where theirs does.
    /// </summary>
    public static ProposalSegmenterOptions ReleasedCode { get; } = Paper with
    {
        Floor = ScoreFloor.Everywhere,
        Antialias = true,
        MinSide = 112,
    };

    /// <summary>
    /// How many proposals the network scores, at least 1. <see langword="null"/> leaves it to the weights (<see cref="InferenceSettings.MaxProposals"/>), or
    /// means 50, as published, where they say nothing. Time grows with it.
    /// </summary>
    public int? MaxProposals { get; init; }

    /// <summary>The side of the crop divided by the longest side of its proposal, above 0 and at most 3; 1.2 as published.</summary>
    public double ContextFactor { get; init; } = 1.2;

    /// <summary>
    /// Crops with a smaller side are skipped and do not count toward <see cref="MaxProposals"/>; in pixels of the photo after shrinking to
    /// <see cref="MaxWorkingSide"/>; 0 takes all.
    /// </summary>
    public int MinSide { get; init; }

    /// <summary>Whether the whole photo is the first proposal, so that every pixel is seen; it counts toward <see cref="MaxProposals"/>.</summary>
    public bool IncludeWholeImage { get; init; } = true;

    /// <summary>How the scores of overlapping proposals are merged.</summary>
    public ScoreMerge Merge { get; init; } = ScoreMerge.Max;

    /// <summary>Which scores are merged: the network's own, or their softmax.</summary>
    public ScoreKind Scores { get; init; } = ScoreKind.Logits;

    /// <summary>Where a proposal counts as 0; see <see cref="ScoreFloor"/>.</summary>
    public ScoreFloor Floor { get; init; } = ScoreFloor.None;

    /// <summary>
    /// Whether shrinking averages over all pixels it covers (as MATLAB's <c>imresize</c>), for crops and for scores,
    /// or samples between neighbors only (as OpenCV, with which the published network was trained).
    /// </summary>
    public bool Antialias { get; init; } = true;

    /// <summary>Moves the merged scores one pixel right and down, as a slip in the authors' script does. Only to reproduce their pixels.</summary>
    public bool ShiftByOnePixel { get; init; }

    /// <summary>Crops per run of the network, 1 … 256. Memory grows with it, and cancellation waits for one batch; the result does not depend on it.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>
    /// Photos whose longest side is larger are shrunk to it, in pixels, 16 … 4096, and the scores are enlarged again before the classes are chosen.
    /// It bounds memory: the scores of 21 classes at 1024×768 take 66 MB.
    /// </summary>
    public int MaxWorkingSide { get; init; } = 1024;

    /// <summary>
    /// What the photo's merged scores are divided by, so that their softmax is calibrated, 0.01 … 100. <see langword="null"/> leaves it to the weights
    /// (<see cref="InferenceSettings.Temperature"/>), and means 1 where they say nothing. It changes no label by itself.
    /// </summary>
    public double? Temperature { get; init; }

    /// <summary>
    /// A connected region of one class that is less confident becomes background, 0 … below 1; 0 keeps all. The confidence of a region is the upper quartile of
    /// its pixels' probabilities. <see langword="null"/> leaves it to the weights (<see cref="InferenceSettings.MinRegionConfidence"/>), and means 0 where they say
    /// nothing. The scores of the result stay as they are. A CRF behind the segmenter is given such regions with the scores of the best class and of the background exchanged.
    /// </summary>
    public double? MinRegionConfidence { get; init; }

    /// <summary>Whether the result keeps the merged scores, 4 bytes for each class and working pixel. Off saves memory where many results are held.</summary>
    public bool KeepScores { get; init; } = true;

    private const int PublishedProposals = 50;

    /// <summary>The options by name and value; the same under every culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    /// <summary>The same with everything filled in that was left open.</summary>
    internal ProposalSegmenterOptions CompletedBy(InferenceSettings settings) => this with
    {
        MaxProposals = MaxProposals ?? settings.MaxProposals ?? PublishedProposals,
        Temperature = Temperature ?? settings.Temperature ?? 1,
        MinRegionConfidence = MinRegionConfidence ?? settings.MinRegionConfidence ?? 0,
    };

    internal void Validate()
    {
        OptionValue.Require(Temperature is null or (>= 0.01 and <= 100), this, Temperature, "0.01 to 100");
        OptionValue.Require(MinRegionConfidence is null or (>= 0 and < 1), this, MinRegionConfidence, "0 or more, below 1");
        OptionValue.Require(MaxProposals is null or >= 1, this, MaxProposals, "at least 1");
        OptionValue.Require(ContextFactor is > 0 and <= 3, this, ContextFactor, "above 0, at most 3");
        OptionValue.Require(MinSide >= 0, this, MinSide, "0 or more");
        OptionValue.Require(BatchSize is >= 1 and <= 256, this, BatchSize, "1 to 256");
        OptionValue.Require(MaxWorkingSide is >= 16 and <= 4096, this, MaxWorkingSide, "16 to 4096");
        OptionValue.Require(Enum.IsDefined(Merge), this, Merge, "one of the names of ScoreMerge");
        OptionValue.Require(Enum.IsDefined(Scores), this, Scores, "one of the names of ScoreKind");
        OptionValue.Require(Enum.IsDefined(Floor), this, Floor, "one of the names of ScoreFloor");
    }
}
