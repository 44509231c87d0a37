namespace DeconvNet.Crf;

/// <summary>
/// How a kernel corrects for pixels with many or few neighbors. If n is the kernel's sum over all pixels, as seen from each pixel,
/// the message K·Q is scaled as follows.
/// </summary>
public enum KernelNormalization
{
    /// <summary>No scaling, as in the DeconvNet authors' script: the weight counts once for each similar pixel, which smooths strongly.</summary>
    None,

    /// <summary>Both sides by 1/√n, so that a weight means the same for any photo. The usual choice.</summary>
    Symmetric,

    /// <summary>Marginals by 1/n before the filter.</summary>
    Before,

    /// <summary>Messages by 1/n after the filter: a weighted mean.</summary>
    After,
}
