using DeconvNet.Imaging;

namespace DeconvNet.Datasets.Coco;

/// <summary>The part of an annotation that is kept in memory: the position of its text in the file, and what decides how it is used.</summary>
/// <param name="Start">First byte of its text.</param>
/// <param name="Length">Bytes of its text.</param>
internal readonly record struct CocoAnnotation(long Start, int Length)
{
    public required int Category { get; init; }

    public required bool IsCrowd { get; init; }

    /// <summary>Area in pixels, as stated in the file.</summary>
    public required float Area { get; init; }

    /// <summary>The bounding box, rounded outward; it may extend beyond the image.</summary>
    public required PixelBox Box { get; init; }
}
