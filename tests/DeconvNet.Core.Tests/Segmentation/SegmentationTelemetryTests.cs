using System.Diagnostics;
using System.Diagnostics.Metrics;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Segmentation;

/// <summary>What listeners of meters and activities hear. Meters are of the whole process, so that no other test may segment meanwhile.</summary>
[Collection(TorchTests.Name)]
public sealed class SegmentationTelemetryTests : IDisposable
{
    private static readonly RgbImage Photo = Photos.WithRectangle(60, 40, new PixelBox(5, 5, 35, 35), 230, 10, 10);

    private readonly MeterListener meters = new();
    private readonly ActivityListener activities;
    private readonly List<(string Name, double Value, string Tags)> measured = [];
    private readonly List<Activity> ended = [];

    public SegmentationTelemetryTests()
    {
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == SegmentationTelemetry.Name)
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        meters.Start();
        activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SegmentationTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(activities);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        meters.Dispose();
        activities.Dispose();
    }

    [Fact]
    public void A_photo_is_counted_once_with_the_seconds_of_its_stages()
    {
        using var segmenter = new ProposalSegmenter(new FakeScorer(), new GivenBoxes(new PixelBox(2, 2, 40, 38)));
        var result = segmenter.Segment(Photo, cancellationToken: Cancellation);
        Assert.Equal((1, "deconvnet.segmenter=ProposalSegmenter"), Single("deconvnet.images"));
        Assert.InRange(Single("deconvnet.segmentation.duration").Value, result.Timings.Total.TotalSeconds, 60);
        Assert.Equal(
            [
                ("deconvnet.segmenter=ProposalSegmenter deconvnet.stage=proposals", result.Timings.Proposals.TotalSeconds),
                ("deconvnet.segmenter=ProposalSegmenter deconvnet.stage=crops", result.Timings.Crops.TotalSeconds),
                ("deconvnet.segmenter=ProposalSegmenter deconvnet.stage=network", result.Timings.Network.TotalSeconds),
                ("deconvnet.segmenter=ProposalSegmenter deconvnet.stage=merge", result.Timings.Merge.TotalSeconds),
            ],
            measured.Where(entry => entry.Name == "deconvnet.stage.duration").Select(entry => (entry.Tags, entry.Value)));
        Assert.Equal([1, -1], measured.Where(entry => entry.Name == "deconvnet.active_images").Select(entry => entry.Value));
    }

    [Fact]
    public void Of_segmenters_that_build_on_others_the_outermost_counts_and_each_has_an_activity()
    {
        using var segmenter = new EnsembleSegmenter([new FcnSegmenter(new FakeImageScorer()), new FcnSegmenter(new FakeImageScorer())]).WithCrf();
        segmenter.Segment(Photo, cancellationToken: Cancellation);
        segmenter.Segment(Photo, cancellationToken: Cancellation);
        Assert.Equal([(1, "deconvnet.segmenter=CrfSegmenter"), (1, "deconvnet.segmenter=CrfSegmenter")], All("deconvnet.images"));
        Assert.Contains(measured, entry => entry.Tags == "deconvnet.segmenter=CrfSegmenter deconvnet.stage=crf");
        Assert.Equal(["segment FcnSegmenter", "segment FcnSegmenter", "segment EnsembleSegmenter", "segment CrfSegmenter"], ended.Take(4).Select(activity => activity.OperationName));
        Assert.Equal(ended[3].SpanId, ended[2].ParentSpanId);
        Assert.Equal(ended[2].SpanId, ended[0].ParentSpanId);
        Assert.Equal((60, 40), (ended[3].GetTagItem("deconvnet.image.width"), ended[3].GetTagItem("deconvnet.image.height")));
        Assert.Equal(["red"], Assert.IsType<string[]>(ended[3].GetTagItem("deconvnet.classes")));
        Assert.IsType<double>(ended[3].GetTagItem("deconvnet.stage.network.seconds"));
    }

    [Fact]
    public void A_failure_is_counted_with_its_kind()
    {
        using var segmenter = new FcnSegmenter(new FakeImageScorer { BeforeEachCall = () => throw new InvalidOperationException("out of memory") });
        Assert.Throws<InvalidOperationException>(() => segmenter.Segment(Photo, cancellationToken: Cancellation));
        const string tags = "deconvnet.segmenter=FcnSegmenter error.type=System.InvalidOperationException";
        Assert.Equal((1, tags), Single("deconvnet.images"));
        Assert.Equal(tags, Single("deconvnet.segmentation.duration").Tags);
        Assert.DoesNotContain(measured, entry => entry.Name == "deconvnet.stage.duration");
        Assert.Equal(0, measured.Where(entry => entry.Name == "deconvnet.active_images").Sum(entry => entry.Value));
        var activity = Assert.Single(ended);
        Assert.Equal((ActivityStatusCode.Error, "out of memory"), (activity.Status, activity.StatusDescription));
    }

    private (double Value, string Tags) Single(string name) => Assert.Single(All(name));

    private (double Value, string Tags)[] All(string name) => [.. measured.Where(entry => entry.Name == name).Select(entry => (entry.Value, entry.Tags))];

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        measured.Add((instrument.Name, value, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
}
