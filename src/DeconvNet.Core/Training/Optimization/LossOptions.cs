namespace DeconvNet.Training.Optimization;

/// <summary>Variants of the pixel loss. Immutable; validated when a trainer is created. Void pixels never count.</summary>
public sealed record LossOptions
{
    /// <summary>
    /// Class weights by id, each at least 0 and at least one above 0; the loss is divided by the total weight of its pixels. For weights that favor rare classes, see
    /// <see cref="Datasets.DatasetReport.BalancedClassWeights"/>. Default null: equal weights.
    /// </summary>
    public IReadOnlyList<double>? ClassWeights
    {
        get;
        init => field = value is null ? null : new ValueList<double>(value);
    }

    /// <summary>Label smoothing: the fraction of a pixel's target that is spread evenly over all classes, from 0 to below 1 (Szegedy et al., 2016). Default 0.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Weight of the Dice loss, at least 0: 1 − the overlap of probabilities and targets, 2 Σ p t / (Σ p + Σ t), averaged over the classes in the batch (Milletari, Navab,
    /// Ahmadi, 2016). It measures overlap, so small objects are not outweighed. Default 0.
    /// </summary>
    public double DiceWeight { get; init; }

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    /// <summary>Whether the loss is plain cross-entropy.</summary>
    internal bool IsPlain => ClassWeights is null && LabelSmoothing == 0 && DiceWeight == 0;

    internal void Validate()
    {
        OptionValue.Require(ClassWeights is null || (ClassWeights.All(weight => weight >= 0 && double.IsFinite(weight)) && ClassWeights.Any(weight => weight > 0)), this, ClassWeights, "at least 0 each, and one above 0");
        OptionValue.Require(LabelSmoothing is >= 0 and < 1, this, LabelSmoothing, "0 to below 1");
        OptionValue.Require(DiceWeight is >= 0 and <= 100, this, DiceWeight, "0 to 100");
    }
}
