using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Segmentation;

/// <summary>How an <see cref="EnsembleSegmenter"/> combines the score maps of its members.</summary>
public enum EnsembleRule
{
    /// <summary>The weighted mean of the members' probabilities (the paper, section 4.2).</summary>
    MeanOfProbabilities,

    /// <summary>
    /// The product of the members' scores, negative ones counted as 0 (the authors' script); a weight is an exponent.
    /// The result is a map of logits: its softmax gives the probabilities.
    /// </summary>
    ProductOfScores,
}

/// <summary>The recipe of <see cref="EnsembleSegmenter"/>. Immutable.</summary>
public sealed record EnsembleOptions
{
    private readonly ValueList<double>? weights;

    /// <summary>As in the paper: the plain mean of the members' probabilities.</summary>
    public static EnsembleOptions Default { get; } = new();

    /// <summary>As in the authors' script: the product of scores, negative ones counted as 0.</summary>
    public static EnsembleOptions ReleasedCode { get; } = new() { Rule = EnsembleRule.ProductOfScores };

    /// <summary>How score maps are combined.</summary>
    public EnsembleRule Rule { get; init; } = EnsembleRule.MeanOfProbabilities;

    /// <summary>A weight for each member, finite, 0 or more, not all 0; <see langword="null"/> gives all members the same weight.</summary>
    public IReadOnlyList<double>? Weights
    {
        get => weights;
        init => weights = value is null ? null : new ValueList<double>(value);
    }

    /// <summary>
    /// The temperature of the combined scores, 0.01 … 100 (<see cref="ScoreMap.AtTemperature"/>). Members are combined at their own temperatures.
    /// It changes no label by itself.
    /// </summary>
    public double Temperature { get; init; } = 1;

    /// <summary>
    /// A connected region of one class that is less confident after combining becomes background, 0 … below 1; 0 keeps all. The confidence of a region is the upper
    /// quartile of its pixels' probabilities. <see langword="null"/> takes the mean of what the members use. The scores of the result stay as they are. A CRF behind
    /// the ensemble is given such regions with the scores of the best class and of the background exchanged.
    /// </summary>
    public double? MinRegionConfidence { get; init; }

    /// <summary>Whether the result keeps the combined scores, 4 bytes for each class and working pixel.</summary>
    public bool KeepScores { get; init; } = true;

    /// <summary>The options by name and value; the same under every culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate(int members)
    {
        OptionValue.Require(Enum.IsDefined(Rule), this, Rule, "one of the names of EnsembleRule");
        OptionValue.Require(Temperature is >= 0.01 and <= 100, this, Temperature, "0.01 to 100");
        OptionValue.Require(MinRegionConfidence is null or (>= 0 and < 1), this, MinRegionConfidence, "0 or more, below 1");
        if (Weights is null)
            return;

        OptionValue.Require(Weights.Count == members, this, Weights.Count, $"one weight for each of the {members} members", nameof(Weights));
        foreach (var weight in Weights)
            OptionValue.Require(double.IsFinite(weight) && weight >= 0, this, weight, "finite, 0 or more", nameof(Weights));
        OptionValue.Require(Weights.Any(weight => weight > 0), this, 0, "a weight above 0", nameof(Weights));
    }
}
