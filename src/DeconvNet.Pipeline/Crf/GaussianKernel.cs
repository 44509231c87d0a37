namespace DeconvNet.Crf;

/// <summary>Connects pixels that are close in position: exp(−½‖Δ/σ‖²). It removes specks.</summary>
public sealed record GaussianKernel
{
    internal const string SigmaExpected = "a finite standard deviation of at least 0.01";

    /// <summary>Standard deviation along x, in pixels, at least 0.01. Default 3.</summary>
    public float SigmaX { get; init; } = 3;

    /// <summary>Standard deviation along y, in pixels, at least 0.01. Default 3.</summary>
    public float SigmaY { get; init; } = 3;

    /// <summary>How the kernel is scaled. Default <see cref="KernelNormalization.Symmetric"/>.</summary>
    public KernelNormalization Normalization { get; init; } = KernelNormalization.Symmetric;

    /// <summary>Cost of each pair of labels. Default: Potts with weight 3.</summary>
    public LabelCompatibility Compatibility { get; init; } = LabelCompatibility.Potts(3);

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal static bool IsSigma(float value) => value >= 0.01f && float.IsFinite(value);

    internal void Validate()
    {
        OptionValue.Require(IsSigma(SigmaX), this, SigmaX, SigmaExpected);
        OptionValue.Require(IsSigma(SigmaY), this, SigmaY, SigmaExpected);
        OptionValue.Require(Enum.IsDefined(Normalization), this, Normalization, "one of the names of KernelNormalization");
        ArgumentNullException.ThrowIfNull(Compatibility);
    }
}
