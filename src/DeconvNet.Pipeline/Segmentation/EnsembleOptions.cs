using DeconvNet.Segmentation.Scores;

namespace DeconvNet.Segmentation;

/// <summary>How an <see cref="EnsembleSegmenter"/> combines the score maps of its members.</summary>
public enum EnsembleRule
{
    /// <summary>The weighted mean of the members' probabilities (the paper, section 4.2).</summary>
    MeanOfProbabilities,

    /// <summary>
    /// The product of the members' scores, with negative ones clipped to 0 (the authors' script); weights are exponents.
    /// The result is a map of logits.
    /// </summary>
    ProductOfScores,
}

/// <summary>The recipe of <see cref="EnsembleSegmenter"/>. Immutable.</summary>
public sealed record EnsembleOptions
{
    private readonly ValueList<double>? weights;

    /// <summary>The recipe of the paper: the plain mean of the members' probabilities.</summary>
    public static EnsembleOptions Default { get; } = new();

    /// <summary>The recipe of the authors' script: the product of scores, with negative ones clipped to 0.</summary>
    public static EnsembleOptions ReleasedCode { get; } = new() { Rule = EnsembleRule.ProductOfScores };

    /// <summary>How score maps are combined.</summary>
    public EnsembleRule Rule { get; init; } = EnsembleRule.MeanOfProbabilities;

    /// <summary>A weight per member, finite, 0 or more, not all 0; <see langword="null"/> weights all members equally.</summary>
    public IReadOnlyList<double>? Weights
    {
        get => weights;
        init => weights = value is null ? null : new ValueList<double>(value);
    }

    /// <summary>
    /// The temperature of the combined scores, 0.01 … 100 (<see cref="ScoreMap.AtTemperature"/>). Members are combined at their own temperatures.
    /// It does not change labels by itself.
    /// </summary>
    public double Temperature { get; init; } = 1;

    /// <summary>
    /// Minimum confidence of a connected region of one class, from 0 to below 1; less confident regions become background. The confidence of a region is the upper
    /// quartile of its pixels' probabilities after combining. <see langword="null"/> takes the mean of the members' thresholds. The scores of the result are not changed. A CRF applied to
    /// the ensemble gets the scores of such regions with the best class and background swapped.
    /// </summary>
    public double? MinRegionConfidence { get; init; }

    /// <summary>Whether the result keeps the combined scores: 4 bytes per class and working pixel.</summary>
    public bool KeepScores { get; init; } = true;

    /// <summary>The options as text, independent of the culture.</summary>
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
