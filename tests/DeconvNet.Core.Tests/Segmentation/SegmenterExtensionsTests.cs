using DeconvNet.Imaging;
using DeconvNet.Segmentation;
using DeconvNet.Tests.Support;
using SkiaSharp;

namespace DeconvNet.Tests.Segmentation;

public class SegmenterExtensionsTests
{
    private static readonly RgbImage Photo = Photos.WithRectangle(60, 40, new PixelBox(5, 5, 35, 35), 230, 10, 10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_file_a_stream_bytes_and_a_bitmap_give_the_labels_of_the_pixels()
    {
        using var folder = new TemporaryFolder();
        Photo.SavePng(folder["photo.png"]);
        var bytes = File.ReadAllBytes(folder["photo.png"]);
        using var stream = new MemoryStream(bytes);
        using var bitmap = SKBitmap.Decode(bytes);
        using var segmenter = MakeSegmenter();

        var expected = segmenter.Segment(Photo, cancellationToken: Cancellation).Labels.Pixels.ToArray();
        Assert.Contains((byte)1, expected);
        Assert.Equal(expected, segmenter.Segment(folder["photo.png"], cancellationToken: Cancellation).Labels.Pixels);
        Assert.Equal(expected, segmenter.Segment(stream, cancellationToken: Cancellation).Labels.Pixels);
        Assert.Equal(expected, segmenter.Segment(bytes, cancellationToken: Cancellation).Labels.Pixels);
        Assert.Equal(expected, segmenter.Segment(bitmap, cancellationToken: Cancellation).Labels.Pixels);
    }

    [Fact]
    public void A_photo_that_lies_on_its_side_is_turned_upright_by_its_exif_data()
    {
        using var bitmap = Photo.ToBitmap();
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        var jpeg = encoded.ToArray();

        // APP1 with one IFD entry: orientation (0x0112, SHORT) 6, turn clockwise.
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
        ];
        byte[] turned = [.. jpeg.AsSpan(0, 2), .. exif, .. jpeg.AsSpan(2)];
        using var segmenter = MakeSegmenter();
        var labels = segmenter.Segment(turned, cancellationToken: Cancellation).Labels;

        // The rectangle is at the left edge of the stored pixels (x 5 … 35 of 60), so at the top after turning.
        Assert.Equal((40, 60), (labels.Width, labels.Height));
        Assert.Equal(1, labels[20, 20]);
        Assert.Equal(0, labels[20, 50]);
    }

    [Fact]
    public void Files_that_are_missing_or_no_image_are_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["text.jpg"], "no image");
        using var segmenter = MakeSegmenter();
        Assert.Throws<FileNotFoundException>(() => segmenter.Segment(folder["none.jpg"], cancellationToken: Cancellation));
        Assert.Contains("text.jpg", Assert.Throws<InvalidDataException>(() => segmenter.Segment(folder["text.jpg"], cancellationToken: Cancellation)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_async_form_gives_the_same_and_can_be_canceled()
    {
        using var segmenter = MakeSegmenter();
        var expected = segmenter.Segment(Photo, cancellationToken: Cancellation);
        var result = await segmenter.SegmentAsync(Photo, cancellationToken: Cancellation);
        Assert.Equal(expected.Labels.Pixels.ToArray(), result.Labels.Pixels.ToArray());

        using var stop = new CancellationTokenSource();
        using var stopped = MakeSegmenter(stop.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped.SegmentAsync(Photo, cancellationToken: stop.Token));
    }

    [Fact]
    public async Task Many_files_come_back_in_order()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 6; i++)
            Photos.Noise(20 + i, 20, i).SavePng(folder[$"{i}.png"]);
        using var segmenter = MakeSegmenter();
        var widths = new List<int>();
        await foreach (var result in segmenter.SegmentManyAsync(Enumerable.Range(0, 6).Select(i => folder[$"{i}.png"]), ahead: 2, Cancellation))
            widths.Add(result.Labels.Width);
        Assert.Equal([20, 21, 22, 23, 24, 25], widths);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Only_so_many_images_are_taken_ahead(int ahead)
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
        await foreach (var result in segmenter.SegmentManyAsync(Endless(), ahead, Cancellation))
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
        await foreach (var result in segmenter.SegmentManyAsync(Enumerable.Repeat(Photo, 50), ahead: 3, Cancellation))
            break;
        Assert.Equal(0, running);
    }

    [Fact]
    public async Task A_broken_file_ends_the_sequence_after_the_good_ones()
    {
        using var folder = new TemporaryFolder();
        Photo.SavePng(folder["good.png"]);
        File.WriteAllText(folder["bad.png"], "no image");
        using var segmenter = MakeSegmenter();
        var done = 0;
        var error = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var result in segmenter.SegmentManyAsync([folder["good.png"], folder["bad.png"], folder["good.png"]], cancellationToken: Cancellation))
                done++;
        });
        Assert.Equal(1, done);
        Assert.Contains("bad.png", error.Message, StringComparison.Ordinal);
    }

    private static ProposalSegmenter MakeSegmenter(Action? beforeEachCall = null) =>
        new(new FakeScorer { BeforeEachCall = beforeEachCall }, new GivenBoxes(new PixelBox(2, 2, 40, 38)), ProposalSegmenterOptions.Default with { BatchSize = 1 });
}
