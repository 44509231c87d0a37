using DeconvNet.Imaging;
using DeconvNet.Segmentation;

namespace DeconvNet.Tests.Evaluation;

/// <summary>Gives every pixel one class.</summary>
internal sealed class ConstantSegmenter(IReadOnlyList<string> names, byte label) : ISegmenter
{
    public IReadOnlyList<string> ClassNames => names;

    public int Calls { get; private set; }

    public SegmentationResult Segment(RgbImage image, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Calls++;
        var labels = new byte[image.Width * image.Height];
        Array.Fill(labels, label);
        return new SegmentationResult(image, new LabelMap(image.Width, image.Height, labels), names);
    }

    public void Dispose()
    {
    }
}
