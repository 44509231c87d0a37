namespace DeconvNet.OnnxRuntime.Calibration;

/// <summary>How a network is rounded to 8 bits. Immutable.</summary>
public sealed record Int8Options
{
    private readonly ValueList<string> floatLayers = new([]);

    /// <summary>The choice that did best on photos that were not trained on.</summary>
    public static Int8Options Default { get; } = new();

    /// <summary>How far the 8 bits of a layer's output reach; larger values become the largest.</summary>
    public RangeRule Range { get; init; } = RangeRule.Percentile;

    /// <summary>The percentage of the values above zero that the range holds, above 50, at most 100. Only for <see cref="RangeRule.Percentile"/>.</summary>
    public double Percentile { get; init; } = 99.99;

    /// <summary>
    /// Bits of a value of a kernel with its sign, 4 … 8. With 7 the sum of two products fits in 16 bits, in which processors without VNNI add them; with 8 it can overflow there. Files
    /// of fewer bits compress better; none is faster than another.
    /// </summary>
    public int WeightBits { get; init; } = 7;

    /// <summary>As <see cref="WeightBits"/>, for the fully connected layers, fc6 and its mirror above all: they hold half of the values, and bear coarse steps best.</summary>
    public int FullyConnectedWeightBits { get; init; } = 7;

    /// <summary>Layers that stay in 32-bit floats, by the names of the layer table. The first layer, which reads pixels, and layers of scores stay so in any case.</summary>
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
