namespace DeconvNet.Crf;

/// <summary>
/// How a kernel corrects for pixels with many or few neighbors. With n the kernel's sum over all pixels, as seen from each pixel,
/// the message is K·Q, scaled as follows.
/// </summary>
public enum KernelNormalization
{
    /// <summary>No scaling, as in the DeconvNet authors' script: the weight counts once for each similar pixel, so forces are strong.</summary>
    None,

    /// <summary>Both sides by 1/√n: a weight means the same for any photo. Usual.</summary>
    Symmetric,

    /// <summary>Marginals by 1/n before the filter.</summary>
    Before,

    /// <summary>Messages by 1/n after the filter: a weighted mean.</summary>
    After,
}
