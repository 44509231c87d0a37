using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Tests.Support;
using SkiaSharp;

namespace DeconvNet.Tests.Segmentation;

/// <summary>Segmentation as a task, and of many items in a row.</summary>
public sealed class SegmentAsyncTests : IDisposable
{
    private static readonly RgbImage Photo = Photos.WithRectangle(60, 40, new PixelBox(5, 5, 35, 35), 230, 10, 10);

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_photo_a_file_a_stream_bytes_and_a_bitmap_give_the_same_labels()
    {
        Photo.SavePng(folder["photo.png"]);
        var bytes = await File.ReadAllBytesAsync(folder["photo.png"], Cancellation);
        using var segmenter = MakeSegmenter();
        var expected = segmenter.Segment(Photo, cancellationToken: Cancellation).Labels.Pixels.ToArray();

        Task<SegmentationResult> ofBitmap;
        using (var bitmap = SKBitmap.Decode(bytes))
            ofBitmap = segmenter.SegmentAsync(bitmap, cancellationToken: Cancellation);
        using var stream = new AsynchronousOnly(bytes);
        foreach (var task in (Task<SegmentationResult>[])
        [
            segmenter.SegmentAsync(Photo, cancellationToken: Cancellation), segmenter.SegmentAsync(folder["photo.png"], cancellationToken: Cancellation),
            segmenter.SegmentAsync(stream, cancellationToken: Cancellation), segmenter.SegmentAsync(bytes, cancellationToken: Cancellation), ofBitmap,
        ])
        {
            Assert.Equal(expected, (await task).Labels.Pixels.ToArray());
        }
    }

    [Fact]
    public async Task A_canceled_task_ends_canceled()
    {
        using var before = new CancellationTokenSource();
        await before.CancelAsync();
        using var during = new CancellationTokenSource();
        using var segmenter = MakeSegmenter(during.Cancel);
        using var stranger = MakeSegmenter(() => throw new OperationCanceledException(new CancellationToken(canceled: true)));
        foreach (var task in (Task[])
        [
            segmenter.SegmentAsync(Photo, cancellationToken: before.Token), segmenter.SegmentAsync(new MemoryStream(), cancellationToken: before.Token),
            segmenter.SegmentAsync(Photo, cancellationToken: during.Token), stranger.SegmentAsync(Photo, cancellationToken: Cancellation),
        ])
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
            Assert.Equal(TaskStatus.Canceled, task.Status);
        }
    }

    [Fact]
    public async Task Many_files_come_back_in_order_with_source_and_index()
    {
        for (var i = 0; i < 6; i++)
            Photos.Noise(20 + i, 20, i).SavePng(folder[$"{i}.png"]);
        using var segmenter = MakeSegmenter();
        var items = new List<SegmentedItem<string>>();
        await foreach (var item in segmenter.SegmentManyAsync(Enumerable.Range(0, 6).Select(i => folder[$"{i}.png"]), ahead: 2, Cancellation))
            items.Add(item);
        Assert.Equal([20, 21, 22, 23, 24, 25], items.Select(item => item.Result!.Labels.Width));
        Assert.Equal(Enumerable.Range(0, 6), items.Select(item => item.Index));
        Assert.Equal(Enumerable.Range(0, 6).Select(i => folder[$"{i}.png"]), items.Select(item => item.Source));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Only_the_given_number_of_images_is_read_ahead(int ahead)
    {
        var taken = 0;
        IEnumerable<RgbImage> Endless()
        {
            while (true)
            {
                taken++;
                yield return Photo;
            }
        }

        using var segmenter = MakeSegmenter();
        var done = 0;
        await foreach (var item in segmenter.SegmentManyAsync(Endless(), ahead, Cancellation))
        {
            done++;
            Assert.InRange(taken, done, done + ahead);
            if (done == 5)
                break;
        }

        Assert.Equal(5 + ahead, taken);
    }

    [Fact]
    public async Task Leaving_the_loop_leaves_no_work_behind()
    {
        var running = 0;
        using var segmenter = MakeSegmenter(() =>
        {
            Interlocked.Increment(ref running);
            Thread.Sleep(20);
            Interlocked.Decrement(ref running);
        });
        await foreach (var item in segmenter.SegmentManyAsync(Enumerable.Repeat(Photo, 50), ahead: 3, Cancellation))
            break;
        Assert.Equal(0, running);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Bad_items_do_not_end_the_batch(int ahead)
    {
        Photo.SavePng(folder["good.png"]);
        await File.WriteAllTextAsync(folder["bad.png"], "no image", Cancellation);
        using var segmenter = MakeSegmenter();
        var items = new List<SegmentedItem<string>>();
        await foreach (var item in segmenter.SegmentManyAsync([folder["good.png"], folder["bad.png"], folder["none.png"], folder["good.png"]], ahead, Cancellation))
            items.Add(item);

        Assert.Equal([true, false, false, true], items.Select(item => item.Succeeded));
        Assert.Contains("bad.png", Assert.IsType<InvalidDataException>(items[1].Error).Message, StringComparison.Ordinal);
        Assert.IsType<FileNotFoundException>(items[2].Error);
        Assert.All(items, item => Assert.True(item.Result is null == item.Error is not null));
    }

    [Fact]
    public async Task A_photo_that_the_network_fails_on_does_not_end_the_batch()
    {
        var calls = 0;
        using var segmenter = MakeSegmenter(() =>
        {
            if (Interlocked.Increment(ref calls) is 1 or 2)
                throw new InvalidOperationException("out of memory");
        });
        var succeeded = new List<bool>();
        await foreach (var item in segmenter.SegmentManyAsync(Enumerable.Repeat(Photo, 4), ahead: 0, Cancellation))
            succeeded.Add(item.Succeeded);
        Assert.Equal([false, false, true, true], succeeded);
    }

    [Fact]
    public async Task A_source_that_throws_loses_no_item_before()
    {
        static IEnumerable<RgbImage> Failing()
        {
            for (var i = 0; i < 3; i++)
                yield return Photo;
            throw new IOException("the list ends here");
        }

        using var segmenter = MakeSegmenter();
        var done = 0;
        var error = await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var item in segmenter.SegmentManyAsync(Failing(), ahead: 7, Cancellation))
                done += item.Succeeded ? 1 : 0;
        });
        Assert.Equal((3, "the list ends here"), (done, error.Message));
    }

    [Fact]
    public async Task Items_of_any_kind_are_read_by_the_caller()
    {
        using var segmenter = MakeSegmenter();
        var widths = new List<int?>();
        await foreach (var (source, index, result, error) in segmenter.SegmentManyAsync([30, 0, 40], width => Photos.Noise(width, 20, 1), cancellationToken: Cancellation))
            widths.Add(result?.Labels.Width);
        Assert.Equal([30, null, 40], widths);
    }

    [Fact]
    public async Task Cancellation_and_disposal_end_the_batch()
    {
        using var stop = new CancellationTokenSource();
        using var segmenter = MakeSegmenter();
        var done = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var item in segmenter.SegmentManyAsync(Enumerable.Repeat(Photo, 50), ahead: 0, stop.Token))
            {
                if (++done == 2)
                    await stop.CancelAsync();
            }
        });
        Assert.Equal(2, done);

        segmenter.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            await foreach (var item in segmenter.SegmentManyAsync(Enumerable.Repeat(Photo, 50), cancellationToken: Cancellation))
                done++;
        });
        Assert.Equal(2, done);
    }

    private static ProposalSegmenter MakeSegmenter(Action? beforeEachCall = null) =>
        new(new FakeScorer { BeforeEachCall = beforeEachCall }, new GivenBoxes(new PixelBox(2, 2, 40, 38)), ProposalSegmenterOptions.Default with { BatchSize = 2 });

    /// <summary>As the body of a request to a server that disallows synchronous reading.</summary>
    private sealed class AsynchronousOnly(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        public override void CopyTo(Stream destination, int bufferSize) => throw new NotSupportedException();

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            await destination.WriteAsync(ToArray(), cancellationToken);
    }
}
