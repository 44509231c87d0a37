using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

/// <summary>Segments the same part of every photo; results are in coordinates of the photo. It does not own the inner segmenter.</summary>
internal sealed class RegionSegmenter(ISegmenter inner, PixelBox region) : ISegmenter
{
    public IReadOnlyList<string> ClassNames => inner.ClassNames;

    public SegmentationResult Segment(RgbImage image, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        var box = region.Intersect(image.Bounds);
        if (box.IsEmpty)
            throw new ArgumentException($"{region} does not overlap the photo, which is {image.Size}.");
        var found = inner.Segment(image.Crop(box), progress, cancellationToken);
        return new SegmentationResult(image, Place(found.Labels, box, image.Size), ClassNames)
        {
            Scores = found.Scores?.PlacedIn(box, image.Size),
            MinRegionConfidence = found.MinRegionConfidence,
            Proposals = [.. found.Proposals.Select(proposal => proposal with { Box = Moved(proposal.Box), Crop = Moved(proposal.Crop) })],
            Timings = found.Timings,
        };

        PixelBox Moved(PixelBox of) => new(of.X0 + box.X0, of.Y0 + box.Y0, of.X1 + box.X0, of.Y1 + box.Y0);
    }

    public void Dispose()
    {
    }

    private static LabelMap Place(LabelMap labels, PixelBox box, ImageSize size)
    {
        var whole = new byte[size.Width * size.Height];
        PixelRows.Copy(labels.Pixels, box.Width, whole.AsSpan((box.Y0 * size.Width) + box.X0), size.Width, box.Width, box.Height);
        return new LabelMap(size.Width, size.Height, whole);
    }
}
