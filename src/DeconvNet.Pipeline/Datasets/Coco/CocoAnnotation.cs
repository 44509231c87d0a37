using DeconvNet.Imaging;

namespace DeconvNet.Datasets.Coco;

/// <summary>What is kept in memory of an annotation: where its text stands in the file, and what decides its use.</summary>
/// <param name="Start">First byte of its text.</param>
/// <param name="Length">Bytes of its text.</param>
internal readonly record struct CocoAnnotation(long Start, int Length)
{
    public required int Category { get; init; }

    public required bool IsCrowd { get; init; }

    /// <summary>Area as the file states it, in pixels.</summary>
    public required float Area { get; init; }

    /// <summary>The box, rounded outward; it may leave the image.</summary>
    public required PixelBox Box { get; init; }
}
