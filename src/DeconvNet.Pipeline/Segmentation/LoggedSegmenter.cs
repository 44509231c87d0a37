using System.Diagnostics;
using DeconvNet.Imaging;
using Microsoft.Extensions.Logging;

namespace DeconvNet.Segmentation;

/// <summary>Logs each photo; see <see cref="SegmenterExtensions.WithLogging"/>.</summary>
internal sealed partial class LoggedSegmenter(ISegmenter inner, ILogger logger) : ISegmenter
{
    public IReadOnlyList<string> ClassNames => inner.ClassNames;

    public SegmentationResult Segment(RgbImage image, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        var start = Stopwatch.GetTimestamp();
        try
        {
            var result = inner.Segment(image, progress, cancellationToken);
            if (logger.IsEnabled(LogLevel.Debug))
                LogSegmented(image.Width, image.Height, Since(start), string.Join(", ", result.Classes.Select(found => found.Name)));
            return result;
        }
        catch (OperationCanceledException)
        {
            LogCanceled(image.Width, image.Height, Since(start));
            throw;
        }
        catch (Exception error)
        {
            LogFailed(error, image.Width, image.Height, Since(start));
            throw;
        }
    }

    public void Dispose() => inner.Dispose();

    private static long Since(long start) => (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;

    [LoggerMessage(1, LogLevel.Debug, "Segmented a photo of {Width}×{Height} pixels in {Milliseconds} ms; found: {Classes}")]
    private partial void LogSegmented(int width, int height, long milliseconds, string classes);

    [LoggerMessage(2, LogLevel.Debug, "A photo of {Width}×{Height} pixels was canceled after {Milliseconds} ms")]
    private partial void LogCanceled(int width, int height, long milliseconds);

    [LoggerMessage(3, LogLevel.Error, "A photo of {Width}×{Height} pixels failed after {Milliseconds} ms")]
    private partial void LogFailed(Exception error, int width, int height, long milliseconds);
}
