namespace DeconvNet.Proposals;

/// <summary>Parameters of <see cref="SlidingWindows"/>.</summary>
public sealed record SlidingWindowsOptions
{
    private readonly ValueList<double> scales = new([0.75, 0.5, 0.35, 0.25]);
    private readonly ValueList<double> aspectRatios = new([1, 0.5, 2]);

    /// <summary>
    /// Sizes of the windows: the square root of their area over that of the image, each above 0, at most 1.
    /// Default 0.75, 0.5, 0.35 and 0.25.
    /// </summary>
    public IReadOnlyList<double> Scales
    {
        get => scales;
        init => scales = new ValueList<double>(value ?? throw new ArgumentNullException(nameof(Scales)));
    }

    /// <summary>Width over height in pixels, each 0.01 … 100. Default 1, 0.5 and 2. A window that would leave the image is cut to it.</summary>
    public IReadOnlyList<double> AspectRatios
    {
        get => aspectRatios;
        init => aspectRatios = new ValueList<double>(value ?? throw new ArgumentNullException(nameof(AspectRatios)));
    }

    /// <summary>Max step between neighboring windows as a fraction of their side, 0.01 … 1. Default 0.25.</summary>
    public double Stride { get; init; } = 0.25;

    /// <summary>Whether the whole image comes first. Default true; with no <see cref="Scales"/> it is then the only proposal.</summary>
    public bool IncludeWholeImage { get; init; } = true;

    /// <summary>The options as text, the same under every culture.</summary>
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
