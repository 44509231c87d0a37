using DeconvNet.Segmentation;

namespace DeconvNet.Evaluation;

/// <summary>A segmentation method to be evaluated.</summary>
/// <param name="Name">Short name, valid as a folder name, for instance <c>edeconvnet+crf</c>.</param>
/// <param name="Segmenter">The segmenter; it is not disposed.</param>
public sealed record EvaluationMethod(string Name, ISegmenter Segmenter)
{
    /// <summary>
    /// What the results depend on besides the photo: weights, recipe. Finished images in an <see cref="EvaluationFolder"/> are reused only
    /// if this is the same.
    /// </summary>
    public string Description { get; init; } = "";
}
