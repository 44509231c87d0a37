namespace DeconvNet.Proposals;

/// <summary>Parameters of <see cref="SlidingWindows"/>.</summary>
public sealed record SlidingWindowsOptions
{
    /// <summary>
    /// Sizes of the windows as shares of the image: the square root of their area over that of the image, each above 0, at most 1.
    /// Default 0.75, 0.5, 0.35 and 0.25.
    /// </summary>
    public IReadOnlyList<double> Scales { get; init; } = [0.75, 0.5, 0.35, 0.25];

    /// <summary>Width over height in pixels, each 0.01 … 100. Default 1, 0.5 and 2. A window that would be longer than the image ends with it.</summary>
    public IReadOnlyList<double> AspectRatios { get; init; } = [1, 0.5, 2];

    /// <summary>Largest step between neighboring windows as a share of their side, 0.01 … 1. Default 0.25.</summary>
    public double Stride { get; init; } = 0.25;

    /// <summary>Whether the whole image comes first. Default true; with no <see cref="Scales"/> it is then the only proposal.</summary>
    public bool IncludeWholeImage { get; init; } = true;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Scales);
        ArgumentNullException.ThrowIfNull(AspectRatios);
        foreach (var scale in Scales)
            OptionValue.Require(scale is > 0 and <= 1, this, scale, "above 0, at most 1", nameof(Scales));
        foreach (var ratio in AspectRatios)
            OptionValue.Require(ratio is >= 0.01 and <= 100, this, ratio, "0.01 to 100", nameof(AspectRatios));
        OptionValue.Require(Stride is >= 0.01 and <= 1, this, Stride, "0.01 to 1");
    }
}
