using System.Diagnostics;
using System.Diagnostics.Metrics;
using DeconvNet.Imaging;

namespace DeconvNet.Segmentation;

/// <summary>
/// Metrics and traces of segmenters, for OpenTelemetry or any other listener of <see cref="Meter"/> and <see cref="ActivitySource"/>. The cost without a
/// listener is negligible.
/// </summary>
/// <remarks>
/// Instruments: the counter <c>deconvnet.images</c>; the histograms <c>deconvnet.segmentation.duration</c>, in seconds per photo, and <c>deconvnet.stage.duration</c>, in seconds per
/// stage of a photo; and <c>deconvnet.active_images</c>, the number of photos in progress, including those waiting for the network. Tags: <c>deconvnet.segmenter</c>, the type of the segmenter;
/// <c>deconvnet.stage</c> (proposals, crops, network, merge, crf); <c>error.type</c>, the type of the exception that ended the work, including cancellation.
/// If segmenters are nested, only the outermost one counts, but each has its own activity.
/// </remarks>
public static class SegmentationTelemetry
{
    /// <summary>Name of the meter and of the activity source: <c>AddMeter(SegmentationTelemetry.Name)</c>, <c>AddSource(SegmentationTelemetry.Name)</c>.</summary>
    public const string Name = "DeconvNet";

    private const string SegmenterTag = "deconvnet.segmenter";
    private const string StageTag = "deconvnet.stage";

    // The name in OpenTelemetry's semantic conventions.
    private const string ErrorTag = "error.type";

    // From a small FCN on a GPU to the published network on one core.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60] };

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Images = Meter.CreateCounter<long>("deconvnet.images", "{image}", "Photos segmented or failed.");
    private static readonly UpDownCounter<long> Active = Meter.CreateUpDownCounter<long>("deconvnet.active_images", "{image}", "Photos being segmented.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram("deconvnet.segmentation.duration", "s", "Time of a photo.", tags: null, Seconds);
    private static readonly Histogram<double> Stage = Meter.CreateHistogram("deconvnet.stage.duration", "s", "Time of a stage of a photo.", tags: null, Seconds);

    // A segmenter calls its inner segmenters on its own thread.
    [ThreadStatic]
    private static bool isInside;

    /// <summary>Runs a segmenter and records metrics and traces.</summary>
    internal static SegmentationResult Measure(ISegmenter segmenter, RgbImage image, Func<SegmentationResult> segment)
    {
        var isOutermost = !isInside;
        var name = segmenter.GetType().Name;
        using var activity = Source.StartActivity($"segment {name}");
        activity?.SetTag(SegmenterTag, name).SetTag("deconvnet.image.width", image.Width).SetTag("deconvnet.image.height", image.Height);
        var start = Stopwatch.GetTimestamp();
        if (isOutermost)
            Active.Add(1);
        isInside = true;
        try
        {
            var result = segment();
            Describe(activity, result);
            if (isOutermost)
                Count(name, Stopwatch.GetElapsedTime(start), result.Timings);
            return result;
        }
        catch (Exception error)
        {
            var type = error.GetType().FullName;
            activity?.SetTag(ErrorTag, type).SetStatus(ActivityStatusCode.Error, error.Message);
            if (isOutermost)
            {
                Images.Add(1, new(SegmenterTag, name), new(ErrorTag, type));
                Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new(SegmenterTag, name), new(ErrorTag, type));
            }

            throw;
        }
        finally
        {
            if (isOutermost)
            {
                isInside = false;
                Active.Add(-1);
            }
        }
    }

    private static void Count(string name, TimeSpan time, SegmentationTimings timings)
    {
        var segmenter = new KeyValuePair<string, object?>(SegmenterTag, name);
        Images.Add(1, segmenter);
        Duration.Record(time.TotalSeconds, segmenter);
        if (!Stage.Enabled)
            return;
        foreach (var (stage, lasted) in timings.ByStage().Where(entry => entry.Time > TimeSpan.Zero))
            Stage.Record(lasted.TotalSeconds, segmenter, new(StageTag, stage));
    }

    private static void Describe(Activity? activity, SegmentationResult result)
    {
        if (activity is null)
            return;
        activity.SetTag("deconvnet.classes", result.Classes.Select(found => found.Name).ToArray());
        foreach (var (stage, lasted) in result.Timings.ByStage().Where(entry => entry.Time > TimeSpan.Zero))
            activity.SetTag($"{StageTag}.{stage}.seconds", lasted.TotalSeconds);
    }
}
