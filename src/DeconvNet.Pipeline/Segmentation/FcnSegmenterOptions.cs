using DeconvNet.Weights;

namespace DeconvNet.Segmentation;

/// <summary>The recipe of <see cref="FcnSegmenter"/>: at which size the network sees the photo. Immutable.</summary>
public sealed record FcnSegmenterOptions
{
    /// <summary>Value of <see cref="WorkingSide"/> that keeps the size of photos, up to <see cref="MaxSide"/>.</summary>
    public const int SideOfPhoto = 0;

    /// <summary>The size stored with the weights.</summary>
    public static FcnSegmenterOptions Default { get; } = new();

    /// <summary>The recipe of the DeconvNet authors' script: photos are padded to 500×500 pixels to the right and below. (The script does not support larger ones; here they are not padded.)</summary>
    public static FcnSegmenterOptions ReleasedCode { get; } = new() { WorkingSide = SideOfPhoto, PaddedSide = 500, Temperature = 1, MinRegionConfidence = 0 };

    /// <summary>
    /// Longest side in pixels to which the photo is resized, up or down, 16 … 4096; <see cref="SideOfPhoto"/> keeps its size.
    /// <see langword="null"/> takes the value stored with the weights (<see cref="InferenceSettings.WorkingSide"/>), or keeps the size if there is none.
    /// </summary>
    public int? WorkingSide { get; init; }

    /// <summary>
    /// Maximum working size: larger photos are shrunk to this longest side in pixels, 16 … 4096, and the scores are upsampled before classes are chosen. It bounds memory:
    /// the published FCN-8s takes about 3 GB at 1024×768.
    /// </summary>
    public int MaxSide { get; init; } = 1024;

    /// <summary>
    /// Smaller photos are zero-padded to a square of this side on the right and below, in pixels, 1 … 4096, after the mean is subtracted; the padding is cropped from the scores.
    /// <see langword="null"/> for no padding.
    /// </summary>
    public int? PaddedSide { get; init; }

    /// <summary>Whether to antialias when shrinking.</summary>
    public bool Antialias { get; init; } = true;

    /// <summary>Whether to average the scores of the photo and its mirror image: slightly more accurate, at twice the time.</summary>
    public bool Mirror { get; init; }

    /// <summary>
    /// Temperature by which the scores are divided so that their softmax is calibrated, 0.01 … 100. <see langword="null"/> takes the value stored with the weights
    /// (<see cref="InferenceSettings.Temperature"/>), or 1 if there is none. It does not change labels by itself.
    /// </summary>
    public double? Temperature { get; init; }

    /// <summary>
    /// Minimum confidence of a connected region of one class, from 0 to below 1; less confident regions become background. The confidence of a region is the upper quartile of
    /// its pixels' probabilities. <see langword="null"/> takes the value stored with the weights (<see cref="InferenceSettings.MinRegionConfidence"/>), or 0 if there is
    /// none. The scores of the result are not changed. A CRF applied to the segmenter gets the scores of such regions with the best class and background swapped.
    /// </summary>
    public double? MinRegionConfidence { get; init; }

    /// <summary>Whether the result keeps the scores: 4 bytes per class and working pixel. Turn it off to save memory if many results are held.</summary>
    public bool KeepScores { get; init; } = true;

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    /// <summary>The same options with the open values filled in.</summary>
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
