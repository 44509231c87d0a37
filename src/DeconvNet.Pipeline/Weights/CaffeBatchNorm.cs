namespace DeconvNet.Weights;

/// <summary>
/// Meaning of the batch norm in a caffemodel. The authors' files store only a scale and a shift, and whether population
/// statistics are already folded into them cannot be told from the file.
/// </summary>
public enum CaffeBatchNorm
{
    /// <summary>An inference model (the released <c>DeconvNet_trainval_inference.caffemodel</c>): batch norm is scale · x + shift. The model is in evaluation mode.</summary>
    Folded,

    /// <summary>
    /// A training snapshot: scale and shift follow a normalization by batch statistics, as in the authors' Caffe.
    /// The model is in training mode; its population statistics must be measured before evaluation.
    /// </summary>
    Unfolded,
}
