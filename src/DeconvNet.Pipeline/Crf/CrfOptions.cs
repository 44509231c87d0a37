namespace DeconvNet.Crf;

/// <summary>Parameters of <see cref="DenseCrf"/> (Krähenbühl and Koltun, NIPS 2011).</summary>
public sealed record CrfOptions
{
    /// <summary>
    /// The commonly used parameters: 5 iterations, Gaussian kernel of 3 px with weight 3, bilateral kernel of 80 px and 13 gray levels with weight 10, both normalized symmetrically.
    /// </summary>
    public static CrfOptions Default { get; } = new();

    /// <summary>
    /// The parameters of the DeconvNet authors' inference script: 10 iterations, Gaussian kernel of 3 px with weight 3, bilateral kernel of 20 px and 3 gray levels with
    /// weight 5, neither normalized, pixels in column-major order.
    /// </summary>
    public static CrfOptions DeconvNet { get; } = new()
    {
        Iterations = 10,
        Gaussian = new GaussianKernel { Normalization = KernelNormalization.None },
        Bilateral = new BilateralKernel
        {
            SigmaX = 20,
            SigmaY = 20,
            SigmaRed = 3,
            SigmaGreen = 3,
            SigmaBlue = 3,
            Normalization = KernelNormalization.None,
            Compatibility = LabelCompatibility.Potts(5),
        },
        PixelOrder = PixelOrder.ColumnMajor,
    };

    /// <summary>Number of mean-field iterations, 0 … 1000; 0 gives the softmax of the negative energies. There is no convergence test. Default 5.</summary>
    public int Iterations { get; init; } = 5;

    /// <summary>The kernel over positions; <see langword="null"/> leaves it out.</summary>
    public GaussianKernel? Gaussian { get; init; } = new();

    /// <summary>The kernel over positions and colors; <see langword="null"/> leaves it out.</summary>
    public BilateralKernel? Bilateral { get; init; } = new();

    /// <summary>Which coordinate comes first; relevant only for reproducing published results exactly. Default <see cref="PixelOrder.RowMajor"/>.</summary>
    public PixelOrder PixelOrder { get; init; } = PixelOrder.RowMajor;

    /// <summary>Maximum number of threads for one image, at least 1; <see langword="null"/> (the default) means one per processor. The result does not depend on it.</summary>
    public int? MaxDegreeOfParallelism { get; init; }

    /// <summary>The options as text, without the number of threads; independent of machine and culture.</summary>
    public override string ToString() => OptionText.Of(this, (this with { MaxDegreeOfParallelism = null }).PrintMembers);

    internal void Validate()
    {
        OptionValue.Require(Iterations is >= 0 and <= 1000, this, Iterations, "0 to 1000");
        OptionValue.Require(Enum.IsDefined(PixelOrder), this, PixelOrder, "one of the names of PixelOrder");
        OptionValue.Require(MaxDegreeOfParallelism is null or >= 1, this, MaxDegreeOfParallelism, "at least 1");
        Gaussian?.Validate();
        Bilateral?.Validate();
    }
}

/// <summary>
/// Which coordinate comes first in the features of a pixel. The kernel is the same, but the vertices of the lattice lie elsewhere, which
/// changes the label of about one pixel in 250.
/// </summary>
public enum PixelOrder
{
    /// <summary>Row by row, x first.</summary>
    RowMajor,

    /// <summary>Column by column, y first, as in MATLAB's arrays and therefore in the DeconvNet authors' script.</summary>
    ColumnMajor,
}
