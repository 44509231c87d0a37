using DeconvNet.Segmentation.Scores;
using DeconvNet.Weights;

namespace DeconvNet.Segmentation;

/// <summary>
/// The recipe of <see cref="ProposalSegmenter"/>: which proposals are scored, how they are cut out and how their scores are merged.
/// Immutable.
/// </summary>
public sealed record ProposalSegmenterOptions
{
    /// <summary>The library's default recipe.</summary>
    public static ProposalSegmenterOptions Default { get; } = new();

    /// <summary>
    /// Like <see cref="Default"/>, but with 10 proposals instead of the number stored with the weights: about half the time. With the built-in weights, which store 20, mean
    /// IoU on held-out photos drops by less than two points.
    /// </summary>
    public static ProposalSegmenterOptions Fast { get; } = new() { MaxProposals = 10 };

    /// <summary>
    /// The recipe of the paper: the best 50 proposals enlarged by 1.2, logits that are 0 outside their proposal,
    /// pixel-wise maximum, softmax of the aggregated map. The paper's alternative is <see cref="ScoreMerge.Sum"/>.
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
    /// The recipe of the authors' MATLAB script: like <see cref="Paper"/>, but the maximum starts from 0, crops below 112 pixels are skipped and
    /// not counted, and resizing is antialiased both ways. <see cref="ShiftByOnePixel"/> is off; turn it on to reproduce their pixels exactly.
    /// </summary>
    public static ProposalSegmenterOptions ReleasedCode { get; } = Paper with
    {
        Floor = ScoreFloor.Everywhere,
        Antialias = true,
        MinSide = 112,
    };

    /// <summary>
    /// Maximum number of proposals that the network scores, at least 1. <see langword="null"/> takes the value stored with the weights (<see cref="InferenceSettings.MaxProposals"/>), or
    /// 50, as published, if there is none. Time is proportional to it.
    /// </summary>
    public int? MaxProposals { get; init; }

    /// <summary>Side of the crop divided by the longer side of its proposal, above 0, at most 3. Default 1.2, as published.</summary>
    public double ContextFactor { get; init; } = 1.2;

    /// <summary>
    /// Minimum side of a crop in pixels of the photo after shrinking to <see cref="MaxWorkingSide"/>; smaller crops are skipped and do not count toward
    /// <see cref="MaxProposals"/>. 0 keeps all.
    /// </summary>
    public int MinSide { get; init; }

    /// <summary>Whether the whole photo is the first proposal, so that every pixel is covered; it counts toward <see cref="MaxProposals"/>.</summary>
    public bool IncludeWholeImage { get; init; } = true;

    /// <summary>How the scores of overlapping proposals are merged.</summary>
    public ScoreMerge Merge { get; init; } = ScoreMerge.Max;

    /// <summary>Which scores are merged: logits, or their softmax.</summary>
    public ScoreKind Scores { get; init; } = ScoreKind.Logits;

    /// <summary>Where a proposal contributes a score of 0; see <see cref="ScoreFloor"/>.</summary>
    public ScoreFloor Floor { get; init; } = ScoreFloor.None;

    /// <summary>
    /// Whether to antialias when shrinking crops and scores, as MATLAB's <c>imresize</c> does. Without it, resizing is plain bilinear interpolation, as in
    /// OpenCV, with which the published network was trained.
    /// </summary>
    public bool Antialias { get; init; } = true;

    /// <summary>Shifts the merged scores right and down by one pixel, as a bug in the authors' script does. Only for reproducing their pixels exactly.</summary>
    public bool ShiftByOnePixel { get; init; }

    /// <summary>
    /// Maximum number of crops per call of the network, 1 … 256; <see langword="null"/> for what suits the engine (<see cref="IScorer.BatchSizeFor"/>). Memory is proportional to it;
    /// scores depend on it by rounding only.
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// Maximum working size: larger photos are shrunk to this longest side in pixels, 16 … 4096, and the scores are upsampled before classes are chosen.
    /// It bounds memory: the scores of 21 classes at 1024×768 take 66 MB.
    /// </summary>
    public int MaxWorkingSide { get; init; } = 1024;

    /// <summary>
    /// Temperature by which the merged scores are divided so that their softmax is calibrated, 0.01 … 100. <see langword="null"/> takes the value stored with the weights
    /// (<see cref="InferenceSettings.Temperature"/>), or 1 if there is none. It does not change labels by itself.
    /// </summary>
    public double? Temperature { get; init; }

    /// <summary>
    /// Minimum confidence of a connected region of one class, from 0 to below 1; less confident regions become background. The confidence of a region is the upper quartile of
    /// its pixels' probabilities. <see langword="null"/> takes the value stored with the weights (<see cref="InferenceSettings.MinRegionConfidence"/>), or 0 if there is
    /// none. The scores of the result are not changed. A CRF applied to the segmenter gets the scores of such regions with the best class and background swapped.
    /// </summary>
    public double? MinRegionConfidence { get; init; }

    /// <summary>Whether the result keeps the merged scores: 4 bytes per class and working pixel. Turn it off to save memory if many results are held.</summary>
    public bool KeepScores { get; init; } = true;

    private const int PublishedProposals = 50;

    /// <summary>The options as text, without the batch size; independent of machine and culture.</summary>
    public override string ToString() => OptionText.Of(this, (this with { BatchSize = null }).PrintMembers);

    /// <summary>The same options with the open values filled in.</summary>
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
        OptionValue.Require(BatchSize is null or (>= 1 and <= 256), this, BatchSize, "1 to 256");
        OptionValue.Require(MaxWorkingSide is >= 16 and <= 4096, this, MaxWorkingSide, "16 to 4096");
        OptionValue.Require(Enum.IsDefined(Merge), this, Merge, "one of the names of ScoreMerge");
        OptionValue.Require(Enum.IsDefined(Scores), this, Scores, "one of the names of ScoreKind");
        OptionValue.Require(Enum.IsDefined(Floor), this, Floor, "one of the names of ScoreFloor");
    }
}
