using DeconvNet.Imaging;
using SegmentWeb;

namespace DeconvNet.Applications.Tests.SegmentWeb;

/// <summary>Results that are kept for downloads.</summary>
public sealed class ResultStoreTests
{
    // A photo of 10×10 pixels: 300 bytes, with 100 labels, 4 scores and 4 probabilities of 4 bytes.
    private const int BytesOfOne = 432;

    private readonly ManualClock clock = new();

    [Fact]
    public void The_oldest_is_evicted_when_memory_is_full()
    {
        var store = new ResultStore(3 * BytesOfOne, TimeSpan.FromHours(1), clock);
        var ids = Enumerable.Range(0, 5).Select(_ => Add(store)).ToArray();
        Assert.Equal([false, false, true, true, true], ids.Select(id => store.TryGet(id, out _)));
        Assert.Equal(3 * BytesOfOne, store.Bytes);
        Assert.Equal(5, ids.Distinct().Count());
    }

    [Fact]
    public void One_that_is_larger_than_all_is_kept_alone()
    {
        var store = new ResultStore(1, TimeSpan.FromHours(1), clock);
        var (first, second) = (Add(store), Add(store));
        Assert.False(store.TryGet(first, out _));
        Assert.True(store.TryGet(second, out var kept));
        Assert.Equal(10, kept.Photo.Width);
    }

    [Fact]
    public void A_result_expires()
    {
        var store = new ResultStore(100 * BytesOfOne, TimeSpan.FromMinutes(15), clock);
        var first = Add(store);
        clock.Passed = TimeSpan.FromMinutes(10);
        var second = Add(store);
        clock.Passed = TimeSpan.FromMinutes(16);
        Assert.False(store.TryGet(first, out _));
        Assert.True(store.TryGet(second, out _));
        Assert.Equal(BytesOfOne, store.Bytes);
        Assert.False(store.TryGet("0123", out _));
    }

    private static string Add(ResultStore store)
    {
        var photo = new RgbImage(10, 10, new byte[300]);
        using var segmenter = new CountingSegmenter();
        return store.Add(segmenter.Segment(photo, cancellationToken: TestContext.Current.CancellationToken)).Id;
    }
}
