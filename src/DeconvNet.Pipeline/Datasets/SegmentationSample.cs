using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>One image of an <see cref="ISegmentationDataset"/> with everything known about it. Immutable; owns no native memory.</summary>
/// <param name="Id">Its id, for instance <c>2007_000032</c>.</param>
/// <param name="Image">The photo.</param>
public sealed record SegmentationSample(string Id, RgbImage Image)
{
    /// <summary>Class of each pixel, of the photo's size; null if there is no class mask, as in VOC's test set.</summary>
    public LabelMap? Labels { get; init; }

    /// <summary>Object of each pixel, of the photo's size; null if unknown (see <see cref="ISegmentationDataset.LoadInstances"/>).</summary>
    public LabelMap? Instances { get; init; }

    /// <summary>The objects; empty if none are known.</summary>
    public IReadOnlyList<AnnotatedObject> Objects { get; init; } = [];
}
