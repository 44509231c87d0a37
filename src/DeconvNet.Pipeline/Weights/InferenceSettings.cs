namespace DeconvNet.Weights;

/// <summary>
/// How weights are meant to be used. It is stored in the weights file and applies wherever the options of a segmenter leave a value open, so that
/// nobody has to know at what size a network was trained or how sure of itself it is. Immutable.
/// </summary>
public sealed record InferenceSettings
{
    /// <summary>Nothing is prescribed.</summary>
    public static InferenceSettings None { get; } = new();

    /// <summary>The longest side to which photos are resized for a network that takes whole photos, in pixels, 16 … 4096.</summary>
    public int? WorkingSide { get; init; }

    /// <summary>How many proposals of a photo a network of crops scores, at least 1.</summary>
    public int? MaxProposals { get; init; }

    /// <summary>
    /// What the logits of a photo are divided by, so that their softmax is calibrated: 0.01 … 100. It is chosen on images that were not trained on (Guo, Pleiss,
    /// Sun, Weinberger: On Calibration of Modern Neural Networks, ICML 2017). It changes no label by itself.
    /// </summary>
    public double? Temperature { get; init; }

    /// <summary>A connected region of one class becomes background where the upper quartile of its pixels' probabilities is lower; from 0 to below 1, and 0 keeps all.</summary>
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
