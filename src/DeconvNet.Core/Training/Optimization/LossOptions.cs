namespace DeconvNet.Training.Optimization;

/// <summary>What the loss of the pixels is made of beside cross-entropy. Immutable; checked when a trainer is made. Void pixels never count.</summary>
public sealed record LossOptions
{
    /// <summary>
    /// How much a pixel of each class counts, by class id, each at least 0 and one above 0; the loss is divided by the sum of the weights of its pixels. Rare classes want more:
    /// <see cref="Datasets.DatasetReport.BalancedClassWeights"/>. Default null: all alike.
    /// </summary>
    public IReadOnlyList<double>? ClassWeights
    {
        get;
        init => field = value is null ? null : new ValueList<double>(value);
    }

    /// <summary>The fraction of a pixel's target that is spread evenly over all classes, from 0 to below 1, against certainty that masks do not deserve (Szegedy et al., 2016). Default 0.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Weight of the Dice loss, at least 0: 1 − the overlap of probabilities and targets, 2 Σ p t / (Σ p + Σ t), the mean over the classes that the batch shows (Milletari, Navab,
    /// Ahmadi, 2016). It counts objects by their overlap, so that small ones are not outvoted. Default 0.
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
