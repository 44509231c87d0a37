using DeconvNet.Crf;
using DeconvNet.Imaging;
using Microsoft.Extensions.Logging;
using SkiaSharp;

namespace DeconvNet.Segmentation;

/// <summary>Overloads of <see cref="ISegmenter.Segment"/> and decorators of segmenters. All are thread-safe.</summary>
public static partial class SegmenterExtensions
{
    /// <summary>Segments an image file, with its EXIF orientation applied.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is not an image that can be read, or is truncated.</exception>
    public static SegmentationResult Segment(
        this ISegmenter segmenter, string path, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        return segmenter.Segment(RgbImage.Load(path), progress, cancellationToken);
    }

    /// <summary>Segments an encoded image (JPEG, PNG, …) from a stream.</summary>
    /// <exception cref="InvalidDataException">The stream holds no image that can be read, or is truncated.</exception>
    public static SegmentationResult Segment(
        this ISegmenter segmenter, Stream stream, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        return segmenter.Segment(RgbImage.Decode(stream), progress, cancellationToken);
    }

    /// <summary>Segments an encoded image (JPEG, PNG, …) in memory.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an image that can be read, or are truncated.</exception>
    public static SegmentationResult Segment(
        this ISegmenter segmenter, byte[] encoded, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        ArgumentNullException.ThrowIfNull(encoded);
        return segmenter.Segment(RgbImage.Decode(encoded), progress, cancellationToken);
    }

    /// <summary>Segments a SkiaSharp bitmap.</summary>
    /// <exception cref="ArgumentException">The bitmap is empty or cannot be read.</exception>
    public static SegmentationResult Segment(
        this ISegmenter segmenter, SKBitmap bitmap, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        return segmenter.Segment(RgbImage.FromBitmap(bitmap), progress, cancellationToken);
    }

    /// <summary>Adds a fully connected CRF as the last step. Its time is reported in <see cref="SegmentationTimings.Crf"/>.</summary>
    /// <param name="segmenter">Any segmenter whose results keep their scores; disposed with the new one.</param>
    /// <param name="options">The CRF parameters; those of the paper, <see cref="CrfOptions.DeconvNet"/>, if omitted. <see cref="CrfOptions.Default"/> smooths more and suits more confident scores.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a compatibility is for a different number of classes.</exception>
    public static CrfSegmenter WithCrf(this ISegmenter segmenter, CrfOptions? options = null) => new(segmenter, options);

    /// <summary>Adds logging: segmented and canceled photos at level Debug, with size, time and classes; failed photos at level Error.</summary>
    /// <param name="segmenter">Any segmenter; disposed with the new one.</param>
    /// <param name="logger">The logger.</param>
    public static ISegmenter WithLogging(this ISegmenter segmenter, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        ArgumentNullException.ThrowIfNull(logger);
        return new LoggedSegmenter(segmenter, logger);
    }
}
