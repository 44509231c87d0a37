using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

public static partial class SegmenterExtensions
{
    // The size of most the pictures of PASCAL VOC, on which the default weights were trained.
    private static readonly ImageSize UsualSize = new(500, 375);

    /// <summary>
    /// Segments a drawn picture, so that the first photo takes no longer than the next: code is compiled, the engine is loaded, its memory is taken. The picture counts in
    /// <see cref="SegmentationTelemetry"/> as a photo does.
    /// </summary>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="size">The size of the photos to come, as engines prepare for sizes; 500×375 if omitted.</param>
    /// <param name="cancellationToken">Ends the work before the next batch at the latest.</param>
    /// <returns>How long it took.</returns>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The segmenter was disposed.</exception>
    public static TimeSpan WarmUp(this ISegmenter segmenter, ImageSize? size = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        return segmenter.Segment(Tiles(size ?? UsualSize), cancellationToken: cancellationToken).Timings.Total;
    }

    // Edges all over, so that as many proposals are found as in a photo.
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
