using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

public static partial class SegmenterExtensions
{
    // The size of most PASCAL VOC photos, on which the default weights were trained.
    private static readonly ImageSize UsualSize = new(500, 375);

    /// <summary>
    /// Segments a synthetic picture, so that the first photo takes no longer than later ones: code is compiled, the engine loaded and its memory allocated. The picture counts as a
    /// photo in <see cref="SegmentationTelemetry"/>.
    /// </summary>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="size">The expected size of photos, since engines may prepare for a size; 500×375 if omitted.</param>
    /// <param name="cancellationToken">Cancels the work, at the latest before the next batch.</param>
    /// <returns>The time it took.</returns>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The segmenter was disposed.</exception>
    public static TimeSpan WarmUp(this ISegmenter segmenter, ImageSize? size = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        return segmenter.Segment(Tiles(size ?? UsualSize), cancellationToken: cancellationToken).Timings.Total;
    }

    // Has edges everywhere, so that as many proposals are found as in a photo.
    private static RgbImage Tiles(ImageSize size)
    {
        var pixels = new byte[3 * size.Width * size.Height];
        for (var i = 0; i < size.Width * size.Height; i++)
        {
            var (column, row) = (i % size.Width * 13 / size.Width, i / size.Width * 9 / size.Height);
            for (var plane = 0; plane < 3; plane++)
                pixels[(3 * i) + plane] = (byte)(((column * 61) + (row * 97) + (plane * 53) + (column * row * 31)) % 256);
        }

        return new RgbImage(size.Width, size.Height, pixels);
    }
}
