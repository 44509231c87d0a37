using DeconvNet.Imaging;

namespace DeconvNet.Datasets;

/// <summary>One image of a <see cref="VocDataset"/> with all that is known of it. Immutable; owns no native memory.</summary>
/// <param name="Id">Its id, for instance <c>2007_000032</c>.</param>
/// <param name="Image">The photo.</param>
/// <param name="Labels">Class of each pixel, of the photo's size; null where the image set has no class masks, as VOC's test set.</param>
/// <param name="Instances">
/// Object of each pixel (0 background, 1, 2, … in the order of VOC's file, <see cref="LabelMap.Void"/> at outlines), of the photo's size;
/// null where <c>SegmentationObject</c> has no mask of this image.
/// </param>
/// <param name="Objects">The annotated objects in the file's order; empty where the image set has no annotations.</param>
public sealed record VocSample(string Id, RgbImage Image, LabelMap? Labels, LabelMap? Instances, IReadOnlyList<VocObject> Objects);
