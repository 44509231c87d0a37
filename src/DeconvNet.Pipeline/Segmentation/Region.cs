using DeconvNet.Imaging;
using DeconvNet.Imaging.Masks;

namespace DeconvNet.Segmentation;

/// <summary>A connected region of one class (8-connectivity).</summary>
public sealed class Region
{
    private readonly ImageSize photo;

    internal Region(ImageSize photo, PixelBox box, BinaryMask mask)
    {
        this.photo = photo;
        Box = box;
        Mask = mask;
    }

    /// <summary>The class name.</summary>
    public required string Name { get; init; }

    /// <summary>The class id in the label map.</summary>
    public required byte ClassId { get; init; }

    /// <summary>Bounding box in pixels of the photo.</summary>
    public PixelBox Box { get; }

    /// <summary>The pixels of the region within <see cref="Box"/>; the mask has the size of the box.</summary>
    public BinaryMask Mask { get; }

    /// <summary>Number of pixels.</summary>
    public long Area => Mask.Area;

    /// <summary>Area as a fraction of the photo, above 0, at most 1.</summary>
    public double Fraction => (double)Area / ((long)photo.Width * photo.Height);

    /// <summary>Mean probability of the class over the region, 0 … 1; <see langword="null"/> if the segmenter did not keep its scores.</summary>
    public double? Confidence { get; init; }

    /// <summary>The region as a mask of the photo's size.</summary>
    public BinaryMask ToPhotoMask()
    {
        var inside = new bool[photo.Width * photo.Height];
        PixelRows.Copy(Mask.Pixels, Box.Width, inside.AsSpan((Box.Y0 * photo.Width) + Box.X0), photo.Width, Box.Width, Box.Height);
        return new BinaryMask(photo.Width, photo.Height, inside);
    }

    /// <summary>The outline in pixels of the photo, with holes.</summary>
    /// <param name="tolerance">Maximum deviation of the simplified outline in pixels, at least 0; 0 keeps every corner.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative or NaN.</exception>
    public MaskOutline Outline(double tolerance = 1)
    {
        var outline = Mask.Outlines(tolerance)[0];
        return new MaskOutline(Moved(outline.Outer), [.. outline.Holes.Select(Moved)]);

        IReadOnlyList<GridPoint> Moved(IReadOnlyList<GridPoint> ring) => [.. ring.Select(point => new GridPoint(point.X + Box.X0, point.Y + Box.Y0))];
    }

    /// <summary>The region as COCO run lengths over the whole photo.</summary>
    public CocoRunLengths ToRunLengths() => CocoRunLengths.FromMask(ToPhotoMask());
}
