namespace DeconvNet.Architecture;

/// <summary>The constants of all batch norms of a network.</summary>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Momentum">Weight of the newest batch in the running statistics.</param>
internal readonly record struct BatchNormOptions(double Epsilon, double Momentum);
