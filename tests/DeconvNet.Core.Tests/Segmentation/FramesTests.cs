using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DeconvNet.Imaging;
using DeconvNet.Segmentation;

namespace DeconvNet.Tests.Segmentation;

/// <summary>Photos that arrive over time.</summary>
public class FramesTests
{
    private static readonly RgbImage Frame = Photos.WithRectangle(60, 40, new PixelBox(5, 5, 35, 35), 230, 10, 10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Frames_come_back_in_order()
    {
        using var segmenter = MakeSegmenter();
        var widths = new List<int>();
        await foreach (var item in segmenter.SegmentManyAsync(Frames(8), ahead: 3, cancellationToken: Cancellation))
            widths.Add(item.Result!.Labels.Width);
        Assert.Equal([20, 21, 22, 23, 24, 25, 26, 27], widths);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task No_more_frames_are_asked_for_than_may_wait(int ahead)
    {
        var asked = 0;
        async IAsyncEnumerable<RgbImage> Endless([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            while (true)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                Interlocked.Increment(ref asked);
                yield return Frame;
            }
        }

        using var segmenter = MakeSegmenter();
        var done = 0;
        await foreach (var item in segmenter.SegmentManyAsync(Endless(Cancellation), ahead: ahead, cancellationToken: Cancellation))
        {
            done++;
            Assert.InRange(Volatile.Read(ref asked), done, done + ahead + 1);
            if (done == 6)
                break;
        }

        Assert.InRange(asked, 6, 7 + ahead);
    }

    [Fact]
    public async Task A_result_does_not_wait_for_the_next_frame()
    {
        var camera = Channel.CreateUnbounded<RgbImage>();
        using var segmenter = MakeSegmenter();
        await using var results = segmenter.SegmentManyAsync(camera.Reader.ReadAllAsync(Cancellation), ahead: 5, cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        for (var i = 0; i < 3; i++)
        {
            camera.Writer.TryWrite(Frame);
            Assert.True(await results.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), Cancellation));
            Assert.Equal(i, results.Current.Index);
        }

        camera.Writer.Complete();
        Assert.False(await results.MoveNextAsync());
    }

    [Fact]
    public async Task Leaving_the_loop_ends_the_wait_for_a_frame_and_then_the_source()
    {
        var ended = false;
        async IAsyncEnumerable<RgbImage> OneThenNone([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            try
            {
                yield return Frame;
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                ended = true;
            }
        }

        using var segmenter = MakeSegmenter();
        await foreach (var item in segmenter.SegmentManyAsync(OneThenNone(Cancellation), ahead: 1, cancellationToken: Cancellation))
            break;
        Assert.True(ended);
    }

    [Fact]
    public async Task A_source_that_fails_gives_the_frames_before_and_then_its_exception()
    {
        static async IAsyncEnumerable<RgbImage> Failing()
        {
            await foreach (var frame in Frames(3))
                yield return frame;
            throw new IOException("the camera is gone");
        }

        using var segmenter = MakeSegmenter();
        var done = 0;
        var error = await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var item in segmenter.SegmentManyAsync(Failing(), ahead: 7, cancellationToken: Cancellation))
                done++;
        });
        Assert.Equal((3, "the camera is gone"), (done, error.Message));
    }

    [Fact]
    public async Task A_region_is_segmented_in_every_frame_that_contains_it()
    {
        var region = new PixelBox(22, 0, 60, 20);
        using var segmenter = MakeSegmenter();
        var succeeded = new List<bool>();
        await foreach (var (frame, _, result, error) in segmenter.SegmentManyAsync(Frames(4), region, cancellationToken: Cancellation))
        {
            succeeded.Add(result is not null);
            if (result is null)
                Assert.Contains("does not overlap the photo", Assert.IsType<ArgumentException>(error).Message, StringComparison.Ordinal);
            else
                Assert.Equal(frame.Size, new ImageSize(result.Labels.Width, result.Labels.Height));
        }

        // Frames are 20, 21, 22 and 23 pixels wide.
        Assert.Equal([false, false, false, true], succeeded);
    }

    [Fact]
    public async Task Items_of_any_kind_are_read_by_the_caller()
    {
        async IAsyncEnumerable<int> Widths()
        {
            foreach (var width in (int[])[30, 0, 40])
            {
                await Task.Yield();
                yield return width;
            }
        }

        using var segmenter = MakeSegmenter();
        var widths = new List<int?>();
        await foreach (var item in segmenter.SegmentManyAsync(Widths(), width => Photos.Noise(width, 20, 1), cancellationToken: Cancellation))
            widths.Add(item.Result?.Labels.Width);
        Assert.Equal([30, null, 40], widths);
        Assert.Throws<ArgumentOutOfRangeException>(() => segmenter.SegmentManyAsync(Widths(), width => Frame, ahead: -1, Cancellation));
    }

    private static async IAsyncEnumerable<RgbImage> Frames(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return Photos.Noise(20 + i, 20, i);
        }
    }

    private static FcnSegmenter MakeSegmenter() => new(new FakeImageScorer());
}
