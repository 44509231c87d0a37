using DeconvNet.Crf;

namespace DeconvNet.Segmentation;

public static partial class SegmenterExtensions
{
    /// <summary>The segmenter with a fully connected CRF as its last step. The time that it takes is <see cref="SegmentationTimings.Crf"/> of each result.</summary>
    /// <param name="segmenter">Any segmenter whose results keep scores; disposed with the new one.</param>
    /// <param name="options">Parameters; those of the paper, <see cref="CrfOptions.DeconvNet"/>, if omitted. <see cref="CrfOptions.Default"/> smooths more and wants surer scores.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a compatibility is made for another number of classes.</exception>
    public static CrfSegmenter WithCrf(this ISegmenter segmenter, CrfOptions? options = null) => new(segmenter, options);
}
