using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>One image of an <see cref="ISegmentationDataset"/> with all that is known of it. Immutable; owns no native memory.</summary>
/// <param name="Id">Its id, for instance <c>2007_000032</c>.</param>
/// <param name="Image">The photo.</param>
public sealed record SegmentationSample(string Id, RgbImage Image)
{
    /// <summary>Class of each pixel, of the photo's size; null where the set has no class masks, as VOC's test set.</summary>
    public LabelMap? Labels { get; init; }

    /// <summary>Object of each pixel, of the photo's size; null where the set does not tell (see <see cref="ISegmentationDataset.LoadInstances"/>).</summary>
    public LabelMap? Instances { get; init; }

    /// <summary>The objects; empty where the set knows none.</summary>
    public IReadOnlyList<AnnotatedObject> Objects { get; init; } = [];
}
