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
    public void Files_that_are_missing_or_not_images_are_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["text.jpg"], "no image");
        using var segmenter = MakeSegmenter();
        Assert.Throws<FileNotFoundException>(() => segmenter.Segment(folder["none.jpg"], cancellationToken: Cancellation));
        Assert.Contains("text.jpg", Assert.Throws<InvalidDataException>(() => segmenter.Segment(folder["text.jpg"], cancellationToken: Cancellation)).Message, StringComparison.Ordinal);
    }

    private static ProposalSegmenter MakeSegmenter(Action? beforeEachCall = null) =>
        new(new FakeScorer { BeforeEachCall = beforeEachCall }, new GivenBoxes(new PixelBox(2, 2, 40, 38)), ProposalSegmenterOptions.Default with { BatchSize = 1 });
}
