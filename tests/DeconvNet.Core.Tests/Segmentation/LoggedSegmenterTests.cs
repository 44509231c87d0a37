using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using Microsoft.Extensions.Logging;

namespace DeconvNet.Tests.Segmentation;

/// <summary>What is logged of a photo.</summary>
public class LoggedSegmenterTests
{
    private static readonly RgbImage Photo = Photos.WithRectangle(60, 40, new PixelBox(5, 5, 35, 35), 230, 10, 10);

    private readonly EntryLog log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_photo_is_logged_with_its_size_and_classes()
    {
        using var segmenter = new FcnSegmenter(new FakeImageScorer()).WithLogging(log);
        Assert.Equal(["background", "red", "green", "blue"], segmenter.ClassNames);
        segmenter.Segment(Photo, cancellationToken: Cancellation);
        var (level, text, error) = Assert.Single(log.Entries);
        Assert.Equal((LogLevel.Debug, null), (level, error));
        Assert.StartsWith("Segmented a photo of 60×40 pixels in ", text, StringComparison.Ordinal);
        Assert.EndsWith("found: red", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_is_an_error_and_a_cancellation_is_not()
    {
        using var stop = new CancellationTokenSource();
        using var failing = new FcnSegmenter(new FakeImageScorer { BeforeEachCall = () => throw new InvalidOperationException("out of memory") }).WithLogging(log);
        using var canceled = new FcnSegmenter(new FakeImageScorer { BeforeEachCall = stop.Cancel }).WithLogging(log);
        Assert.Throws<InvalidOperationException>(() => failing.Segment(Photo, cancellationToken: Cancellation));
        Assert.ThrowsAny<OperationCanceledException>(() => canceled.Segment(Photo, cancellationToken: stop.Token));
        Assert.Equal([LogLevel.Error, LogLevel.Debug], log.Entries.Select(entry => entry.Level));
        Assert.Equal("out of memory", log.Entries[0].Error?.Message);
    }

    [Fact]
    public void The_segmenter_is_disposed_with_it()
    {
        var scorer = new FakeImageScorer();
        new FcnSegmenter(scorer).WithLogging(log).Dispose();
        Assert.True(scorer.IsDisposed);
    }

    private sealed class EntryLog : ILogger
    {
        public List<(LogLevel Level, string Text, Exception? Error)> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Add((logLevel, formatter(state, exception), exception));
    }
}
