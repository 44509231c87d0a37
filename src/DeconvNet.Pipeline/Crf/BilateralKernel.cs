namespace DeconvNet.Crf;

/// <summary>Connects pixels that are close in position and color: exp(−½‖Δ/σ‖²) over position and RGB. It aligns boundaries with the edges of the photo.</summary>
public sealed record BilateralKernel
{
    /// <summary>Standard deviation along x, in pixels, at least 0.01. Default 80.</summary>
    public float SigmaX { get; init; } = 80;

    /// <summary>Standard deviation along y, in pixels, at least 0.01. Default 80.</summary>
    public float SigmaY { get; init; } = 80;

    /// <summary>Standard deviation of red, in gray levels of 0 … 255, at least 0.01. Default 13.</summary>
    public float SigmaRed { get; init; } = 13;

    /// <summary>Standard deviation of green, in gray levels of 0 … 255, at least 0.01. Default 13.</summary>
    public float SigmaGreen { get; init; } = 13;

    /// <summary>Standard deviation of blue, in gray levels of 0 … 255, at least 0.01. Default 13.</summary>
    public float SigmaBlue { get; init; } = 13;

    /// <summary>How the kernel is scaled. Default <see cref="KernelNormalization.Symmetric"/>.</summary>
    public KernelNormalization Normalization { get; init; } = KernelNormalization.Symmetric;

    /// <summary>Cost of each pair of labels. Default: Potts with weight 10.</summary>
    public LabelCompatibility Compatibility { get; init; } = LabelCompatibility.Potts(10);

    /// <summary>The options as text, independent of the culture.</summary>
    public override string ToString() => OptionText.Of(this, PrintMembers);

    internal void Validate()
    {
        OptionValue.Require(GaussianKernel.IsSigma(SigmaX), this, SigmaX, GaussianKernel.SigmaExpected);
        OptionValue.Require(GaussianKernel.IsSigma(SigmaY), this, SigmaY, GaussianKernel.SigmaExpected);
        OptionValue.Require(GaussianKernel.IsSigma(SigmaRed), this, SigmaRed, GaussianKernel.SigmaExpected);
        OptionValue.Require(GaussianKernel.IsSigma(SigmaGreen), this, SigmaGreen, GaussianKernel.SigmaExpected);
        OptionValue.Require(GaussianKernel.IsSigma(SigmaBlue), this, SigmaBlue, GaussianKernel.SigmaExpected);
        OptionValue.Require(Enum.IsDefined(Normalization), this, Normalization, "one of the names of KernelNormalization");
        ArgumentNullException.ThrowIfNull(Compatibility);
    }
}
