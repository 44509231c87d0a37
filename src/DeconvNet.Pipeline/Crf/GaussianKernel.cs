namespace DeconvNet.Crf;

/// <summary>Pixels that are near each other: exp(−½‖Δ/σ‖²) of the distance. It removes specks.</summary>
public sealed record GaussianKernel
{
    /// <summary>Standard deviation along x, in pixels, at least 0.01. Default 3.</summary>
    public float SigmaX { get; init; } = 3;

    /// <summary>Standard deviation along y, in pixels, at least 0.01. Default 3.</summary>
    public float SigmaY { get; init; } = 3;

    /// <summary>How the kernel is scaled. Default <see cref="KernelNormalization.Symmetric"/>.</summary>
    public KernelNormalization Normalization { get; init; } = KernelNormalization.Symmetric;

    /// <summary>What pairs of labels cost. Default: Potts with weight 3.</summary>
    public LabelCompatibility Compatibility { get; init; } = LabelCompatibility.Potts(3);

    internal void Validate()
    {
        KernelValue.RequireSigma(SigmaX, this);
        KernelValue.RequireSigma(SigmaY, this);
        OptionValue.Require(Enum.IsDefined(Normalization), this, Normalization, "one of the names of KernelNormalization");
        ArgumentNullException.ThrowIfNull(Compatibility);
    }
}
