namespace DeconvNet.Weights;

/// <summary>
/// How weights are meant to be used. Stored in the weights file and applied where the options of a segmenter leave a value open, so that
/// users need not know the size at which a network was trained or its calibration. Immutable.
/// </summary>
public sealed record InferenceSettings
{
    /// <summary>No settings.</summary>
    public static InferenceSettings None { get; } = new();

    /// <summary>Longest side to which photos are resized, for a network that processes whole photos; in pixels, 16 … 4096.</summary>
    public int? WorkingSide { get; init; }

    /// <summary>Maximum number of proposals per photo, for a network that processes crops; at least 1.</summary>
    public int? MaxProposals { get; init; }

    /// <summary>
    /// Temperature by which logits are divided so that their softmax is calibrated, 0.01 … 100; chosen on held-out images (Guo, Pleiss,
    /// Sun, Weinberger: On Calibration of Modern Neural Networks, ICML 2017). It does not change labels by itself.
    /// </summary>
    public double? Temperature { get; init; }

    /// <summary>A connected region of one class becomes background if the upper quartile of its pixels' probabilities is below this threshold; from 0 to below 1.</summary>
    public double? MinRegionConfidence { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    internal void Validate()
    {
        OptionValue.Require(WorkingSide is null or (>= 16 and <= 4096), this, WorkingSide, "16 to 4096");
        OptionValue.Require(MaxProposals is null or >= 1, this, MaxProposals, "at least 1");
        OptionValue.Require(Temperature is null or (>= 0.01 and <= 100), this, Temperature, "0.01 to 100");
        OptionValue.Require(MinRegionConfidence is null or (>= 0 and < 1), this, MinRegionConfidence, "0 or more, below 1");
    }
}
