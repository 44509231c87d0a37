namespace DeconvNet.Proposals;

/// <summary>Parameters of <see cref="SlidingWindows"/>.</summary>
public sealed record SlidingWindowsOptions
{
    private readonly ValueList<double> scales = new([0.75, 0.5, 0.35, 0.25]);
    private readonly ValueList<double> aspectRatios = new([1, 0.5, 2]);

    /// <summary>
    /// Sizes of the windows, as the square root of window area over image area, each above 0, at most 1.
    /// Default 0.75, 0.5, 0.35 and 0.25.
    /// </summary>
    public IReadOnlyList<double> Scales
    {
        get => scales;
        init => scales = new ValueList<double>(value ?? throw new ArgumentNullException(nameof(Scales)));
    }

    /// <summary>Aspect ratios, width over height in pixels, each 0.01 … 100. Default 1, 0.5 and 2. Windows are clipped to the image.</summary>
    public IReadOnlyList<double> AspectRatios
    {
        get => aspectRatios;
        init => aspectRatios = new ValueList<double>(value ?? throw new ArgumentNullException(nameof(AspectRatios)));
    }

    /// <summary>Maximum step between neighboring windows as a fraction of their side, 0.01 … 1. Default 0.25.</summary>
    public double Stride { get; init; } = 0.25;

    /// <summary>Whether the whole image is the first proposal. Default true; without any <see cref="Scales"/> it is then the only one.</summary>
    public bool IncludeWholeImage { get; init; } = true;

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        foreach (var scale in Scales)
            OptionValue.Require(scale is > 0 and <= 1, this, scale, "above 0, at most 1", nameof(Scales));
        foreach (var ratio in AspectRatios)
            OptionValue.Require(ratio is >= 0.01 and <= 100, this, ratio, "0.01 to 100", nameof(AspectRatios));
        OptionValue.Require(Stride is >= 0.01 and <= 1, this, Stride, "0.01 to 1");
    }
}
