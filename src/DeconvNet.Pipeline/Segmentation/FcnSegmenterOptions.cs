using DeconvNet.Weights;

namespace DeconvNet.Segmentation;

/// <summary>The recipe of <see cref="FcnSegmenter"/>: at what size the network sees the photo. Immutable.</summary>
public sealed record FcnSegmenterOptions
{
    /// <summary>The value of <see cref="WorkingSide"/> that leaves photos as they are, up to <see cref="MaxSide"/>.</summary>
    public const int SideOfPhoto = 0;

    /// <summary>The size that the weights prescribe.</summary>
    public static FcnSegmenterOptions Default { get; } = new();

    /// <summary>The recipe of the DeconvNet authors' script: photos are padded to 500×500 pixels to the right and below. (The script cannot take larger ones; here they are not padded.)</summary>
    public static FcnSegmenterOptions ReleasedCode { get; } = new() { WorkingSide = SideOfPhoto, PaddedSide = 500, Temperature = 1, MinRegionConfidence = 0 };

    /// <summary>
    /// The photo is resized so that its longest side has this length in pixels, 16 … 4096, whether it was larger or smaller; <see cref="SideOfPhoto"/> leaves it as it is.
    /// <see langword="null"/> leaves the choice to the weights (<see cref="InferenceSettings.WorkingSide"/>), and the photo as it is where they say nothing.
    /// </summary>
    public int? WorkingSide { get; init; }

    /// <summary>
    /// Photos whose longest side is larger are shrunk to it, in pixels, 16 … 4096, and the scores are enlarged again before the classes are chosen. It bounds memory:
    /// the published FCN-8s takes about 3 GB at 1024×768.
    /// </summary>
    public int MaxSide { get; init; } = 1024;

    /// <summary>
    /// Smaller photos are padded to a square of this side to the right and below, in pixels, 1 … 4096, with 0 after the mean is subtracted; the padding is cut off the scores.
    /// <see langword="null"/> for none.
    /// </summary>
    public int? PaddedSide { get; init; }

    /// <summary>Whether shrinking averages over all pixels it covers, or samples between neighbors only.</summary>
    public bool Antialias { get; init; } = true;

    /// <summary>Whether the mean of the scores of the photo and of its mirror image is taken: a little better, for twice the time.</summary>
    public bool Mirror { get; init; }

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

    /// <summary>Whether the result keeps the scores, 4 bytes for each class and working pixel. Off saves memory where many results are held.</summary>
    public bool KeepScores { get; init; } = true;

    /// <summary>The options by name and value; the same under every culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    /// <summary>The same with everything filled in that was left open.</summary>
    internal FcnSegmenterOptions CompletedBy(InferenceSettings settings) => this with
    {
        WorkingSide = WorkingSide ?? settings.WorkingSide ?? SideOfPhoto,
        Temperature = Temperature ?? settings.Temperature ?? 1,
        MinRegionConfidence = MinRegionConfidence ?? settings.MinRegionConfidence ?? 0,
    };

    internal void Validate()
    {
        OptionValue.Require(Temperature is null or (>= 0.01 and <= 100), this, Temperature, "0.01 to 100");
        OptionValue.Require(MinRegionConfidence is null or (>= 0 and < 1), this, MinRegionConfidence, "0 or more, below 1");
        OptionValue.Require(WorkingSide is null or SideOfPhoto or (>= 16 and <= 4096), this, WorkingSide, "16 to 4096, or 0 for the photo's own size");
        OptionValue.Require(MaxSide is >= 16 and <= 4096, this, MaxSide, "16 to 4096");
        OptionValue.Require(WorkingSide is null || WorkingSide <= MaxSide, this, WorkingSide, "at most MaxSide");
        OptionValue.Require(PaddedSide is null or (>= 1 and <= 4096), this, PaddedSide, "1 to 4096");
    }
}
