namespace DeconvNet.OnnxRuntime.Calibration;

/// <summary>Options of 8-bit quantization. Immutable.</summary>
public sealed record Int8Options
{
    private readonly ValueList<string> floatLayers = new([]);

    /// <summary>The options that performed best on held-out photos.</summary>
    public static Int8Options Default { get; } = new();

    /// <summary>How the quantization range of activations is chosen; larger values are clipped.</summary>
    public RangeRule Range { get; init; } = RangeRule.Percentile;

    /// <summary>Percentage of the positive values inside the range, above 50, at most 100. Only for <see cref="RangeRule.Percentile"/>.</summary>
    public double Percentile { get; init; } = 99.99;

    /// <summary>
    /// Bits per weight including the sign, 4 … 8. With 7 bits, the sum of two products fits in 16 bits, as processors without VNNI require; with 8, it can overflow there. Fewer
    /// bits compress better but are not faster.
    /// </summary>
    public int WeightBits { get; init; } = 7;

    /// <summary>Like <see cref="WeightBits"/>, for fully connected layers, mainly fc6 and its mirror image, which have half of the weights and tolerate coarse quantization best.</summary>
    public int FullyConnectedWeightBits { get; init; } = 7;

    /// <summary>Names of layers that stay in 32-bit floating point, as in the layer table. The first layer, which reads pixels, and score layers always do.</summary>
    public IReadOnlyList<string> FloatLayers
    {
        get => floatLayers;
        init => floatLayers = new(value);
    }

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    internal void Validate()
    {
        OptionValue.Require(Enum.IsDefined(Range), this, Range, "one of the names of RangeRule");
        OptionValue.Require(Percentile is > 50 and <= 100, this, Percentile, "above 50, at most 100");
        OptionValue.Require(WeightBits is >= 4 and <= 8, this, WeightBits, "4 to 8");
        OptionValue.Require(FullyConnectedWeightBits is >= 4 and <= 8, this, FullyConnectedWeightBits, "4 to 8");
    }
}
