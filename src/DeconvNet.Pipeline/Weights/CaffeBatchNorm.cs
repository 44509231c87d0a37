namespace DeconvNet.Weights;

/// <summary>
/// What the batch norm of a caffemodel holds. The authors' files store a scale and a shift and nothing else, and whether the
/// population statistics are already folded into them cannot be told from a file.
/// </summary>
public enum CaffeBatchNorm
{
    /// <summary>An inference model (the released <c>DeconvNet_trainval_inference.caffemodel</c>): batch norm is scale · x + shift. The model is in evaluation mode.</summary>
    Folded,

    /// <summary>
    /// A training snapshot: scale and shift follow a normalization by the statistics of the batch, as the authors' Caffe does it.
    /// The model is in training mode; before it is evaluated, its population statistics must be measured.
    /// </summary>
    Unfolded,
}
