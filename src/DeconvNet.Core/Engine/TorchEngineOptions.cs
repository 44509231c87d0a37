namespace DeconvNet.Engine;

/// <summary>Options of libtorch for a network of this library. Immutable.</summary>
public sealed record TorchEngineOptions
{
    /// <summary>The defaults: 32-bit numbers.</summary>
    public static TorchEngineOptions Default { get; } = new();

    /// <summary>
    /// Number format of the layers; scores are always computed in the format of the model, and logits are 32-bit. Default <see cref="TorchPrecision.Full"/>.
    /// </summary>
    public TorchPrecision Precision { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    internal void Validate() => OptionValue.Require(Enum.IsDefined(Precision), this, Precision, "one of the names of TorchPrecision");
}
