namespace DeconvNet.Training.Optimization;

/// <summary>Kind of optimizer.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum, in Caffe's form: the velocity includes the learning rate.</summary>
    Sgd,

    /// <summary>Adam (Kingma and Ba) with decoupled weight decay.</summary>
    Adam,
}

/// <summary>The optimizer and its hyperparameters. Immutable; the defaults are the published ones.</summary>
public sealed record OptimizerOptions
{
    /// <summary>Kind of optimizer. Default SGD.</summary>
    public OptimizerKind Kind { get; init; }

    /// <summary>Momentum of SGD, from 0 to below 1. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Decay rate of Adam's first moment, from 0 to below 1. Default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay rate of Adam's second moment, from 0 to below 1. Default 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Weight decay, at least 0; not applied to biases of (de)convolutions. Default 0.0005.</summary>
    public double WeightDecay { get; init; } = 0.0005;

    /// <summary>Learning rate multiplier of biases of (de)convolutions, at least 0. Default 2, as in the authors' prototxt.</summary>
    public double BiasRateFactor { get; init; } = 2;

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        OptionValue.Require(Enum.IsDefined(Kind), this, Kind, "one of the names of OptimizerKind");
        OptionValue.Require(Momentum is >= 0 and < 1, this, Momentum, "0 to below 1");
        OptionValue.Require(Beta1 is >= 0 and < 1, this, Beta1, "0 to below 1");
        OptionValue.Require(Beta2 is >= 0 and < 1, this, Beta2, "0 to below 1");
        OptionValue.Require(WeightDecay is >= 0 and < 1, this, WeightDecay, "0 to below 1");
        OptionValue.Require(BiasRateFactor is >= 0 and <= 100, this, BiasRateFactor, "0 to 100");
    }
}
