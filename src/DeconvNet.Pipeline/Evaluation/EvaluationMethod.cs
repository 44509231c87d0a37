using DeconvNet.Segmentation;

namespace DeconvNet.Evaluation;

/// <summary>One way to segment that is measured beside others.</summary>
/// <param name="Name">Short name, usable as a folder's name, for instance <c>edeconvnet+crf</c>.</param>
/// <param name="Segmenter">What segments; remains the caller's to dispose.</param>
public sealed record EvaluationMethod(string Name, ISegmenter Segmenter)
{
    /// <summary>
    /// What the results depend on besides the photo: weights, recipe. Finished images in an <see cref="EvaluationFolder"/> are taken up only
    /// where this is the same.
    /// </summary>
    public string Description { get; init; } = "";
}
