using DeconvNet.Imaging;
using SkiaSharp;

namespace DeconvNet.Segmentation;

/// <summary>Other forms of <see cref="ISegmenter.Segment"/>; all of them thread-safe.</summary>
public static partial class SegmenterExtensions
{
    /// <summary>Segments the image file at <paramref name="path"/>, turned upright as its EXIF data says.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no image that can be read, or is cut short.</exception>
    public static SegmentationResult Segment(
        this ISegmenter segmenter, string path, IProgress<SegmentationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        return segmenter.Segment(RgbImage.Load(path), progress, cancellationToken);
    }

    /// <summary>Segments an encoded image (JPEG, PNG, …) from a stream.</summary>
    /// <exception cref="InvalidDataException">The stream holds no image that can be read, or is cut short.</exception>
    public static SegmentationResult Segment(
        this ISegmenter segmenter, Stream stream, IProgress<SegmentationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        return segmenter.Segment(RgbImage.Decode(stream), progress, cancellationToken);
    }

    /// <summary>Segments an encoded image (JPEG, PNG, …) in memory.</summary>
    /// <exception cref="InvalidDataException">The bytes are no image that can be read, or are cut short.</exception>
    public static SegmentationResult Segment(
        this ISegmenter segmenter, byte[] encoded, IProgress<SegmentationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        return segmenter.Segment(RgbImage.Decode(encoded), progress, cancellationToken);
    }

    /// <summary>Segments a SkiaSharp bitmap.</summary>
    public static SegmentationResult Segment(
        this ISegmenter segmenter, SKBitmap bitmap, IProgress<SegmentationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        return segmenter.Segment(RgbImage.FromBitmap(bitmap), progress, cancellationToken);
    }
}
