using DeconvNet.Imaging;
using DeconvNet.Tests.Support;
using SkiaSharp;

namespace DeconvNet.Tests.Imaging;

public class PhotoFileTests
{
    [Fact]
    public void A_photo_survives_saving_and_loading_unchanged()
    {
        using var folder = new TemporaryFolder();
        var image = Samples.Gradient(37, 23);

        image.SavePng(folder["photo.png"]);

        var again = RgbImage.Load(folder["photo.png"]);
        Assert.Equal((37, 23), (again.Width, again.Height));
        Assert.Equal(image.Pixels.ToArray(), again.Pixels.ToArray());
        Assert.Equal([folder["photo.png"]], Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void A_bitmap_survives_both_ways()
    {
        var image = Samples.Gradient(9, 5);
        using var bitmap = image.ToBitmap();

        Assert.Equal(image.Pixels.ToArray(), RgbImage.FromBitmap(bitmap).Pixels.ToArray());
    }

    [Theory]
    [InlineData(SKColorType.Bgra8888)]
    [InlineData(SKColorType.RgbaF16)]
    [InlineData(SKColorType.Rgb888x)]
    public void Bitmaps_of_other_color_types_are_read(SKColorType type)
    {
        var image = Samples.Gradient(9, 5);
        using var bitmap = image.ToBitmap();
        using var other = bitmap.Copy(type);

        Assert.Equal(image.Pixels.ToArray(), RgbImage.FromBitmap(other).Pixels.ToArray());
    }

    [Fact]
    public void An_empty_bitmap_is_refused()
    {
        using var bitmap = new SKBitmap();
        Assert.Throws<ArgumentException>(() => RgbImage.FromBitmap(bitmap));
    }

    // Where the four quarters of the stored picture (a b / c d) appear once it is shown upright.
    [Theory]
    [InlineData(1, "abcd")]
    [InlineData(2, "badc")]
    [InlineData(3, "dcba")]
    [InlineData(4, "cdab")]
    [InlineData(5, "acbd")]
    [InlineData(6, "cadb")]
    [InlineData(7, "dbca")]
    [InlineData(8, "bdac")]
    public void Every_exif_orientation_is_applied(byte orientation, string expected)
    {
        var stored = new byte[3 * 32 * 16];
        for (var i = 0; i < stored.Length; i += 3)
            stored.AsSpan(i, 3).Fill((byte)(40 + (60 * (((i / 3 % 32) / 16) + (2 * (i / 3 / 32 / 8))))));

        var jpeg = Samples.Encode(new RgbImage(32, 16, stored), SKEncodedImageFormat.Jpeg);
        var image = RgbImage.Decode(Samples.WithOrientation(jpeg, orientation));

        Assert.Equal(orientation >= 5 ? (16, 32) : (32, 16), (image.Width, image.Height));
        var quarters = new[] { (1, 1), (3, 1), (1, 3), (3, 3) }.Select(at =>
            "abcd"[(image.Pixels[3 * ((at.Item2 * image.Height / 4 * image.Width) + (at.Item1 * image.Width / 4))] - 10) / 60]);
        Assert.Equal(expected, string.Concat(quarters));
    }

    [Fact]
    public void Gray_palette_and_16_bit_pictures_become_rgb()
    {
        var gray = RgbImage.Decode(Samples.Png(2, 1, 8, 0, [0, 10, 200]));
        Assert.Equal([10, 10, 10, 200, 200, 200], gray.Pixels.ToArray());

        var palette = RgbImage.Decode(Samples.Png(2, 1, 4, 3, [0, 0x1F]));
        Assert.Equal([128, 0, 0, 192, 128, 128], palette.Pixels.ToArray());

        var deep = RgbImage.Decode(Samples.Png(1, 1, 16, 2, [0, 12, 12, 130, 130, 255, 255]));
        Assert.Equal([12, 130, 255], deep.Pixels.ToArray());
    }

    [Fact]
    public void Transparency_is_blended_over_white()
    {
        var image = RgbImage.Decode(Samples.Png(3, 1, 8, 6, [0, 200, 100, 50, 255, 200, 100, 0, 0, 0, 100, 200, 51]));

        Assert.Equal([200, 100, 50, 255, 255, 255, 204, 224, 244], image.Pixels.ToArray());
    }

    [Fact]
    public void A_palette_with_transparency_is_blended_over_white()
    {
        var image = RgbImage.Decode(Samples.Png(2, 1, 8, 3, [0, 1, 2], transparency: [255, 0, 255]));

        Assert.Equal([255, 255, 255, 0, 128, 0], image.Pixels.ToArray());
    }

    [Fact]
    public void Cmyk_becomes_rgb()
    {
        var image = RgbImage.Decode(Samples.CmykJpeg);

        Assert.Equal((16, 8), (image.Width, image.Height));
        var (left, right) = (image.Pixels[..3].ToArray(), image.Pixels.Slice(45, 3).ToArray());
        Assert.True(left[0] > 200 && left[1] < 60 && left[2] < 60, $"expected red, got {string.Join(' ', left)}");
        Assert.True(right[0] < 60 && right[1] > 200 && right[2] > 200, $"expected cyan, got {string.Join(' ', right)}");
    }

    [Fact]
    public void Webp_and_progressive_jpeg_are_read()
    {
        var image = RgbImage.Decode(Samples.ProgressiveJpeg);
        Assert.Equal((32, 24), (image.Width, image.Height));
        Assert.InRange(image.Pixels[(3 * 20) + 0], 140, 180);

        using var stream = new MemoryStream(Samples.Encode(image, SKEncodedImageFormat.Webp, 100));
        Assert.Equal(32, RgbImage.Decode(stream).Width);
    }

    [Fact]
    public void The_exif_chunk_of_a_png_is_applied_to_pixels_and_size()
    {
        var path = BadFiles.Path("png_exif_orientation6.png");
        var upright = RgbImage.Load(path);

        Assert.Equal(new ImageSize(64, 96), upright.Size);
        Assert.Equal(upright.Size, RgbImage.ReadSize(path));
        Assert.Equal(upright.Size, RgbImage.ReadSize(File.ReadAllBytes(path)));
        using var bitmap = SKBitmap.Decode(path);
        var stored = RgbImage.FromBitmap(bitmap);
        Assert.Equal(new ImageSize(96, 64), stored.Size);

        // Orientation 6: the stored first row is the right column.
        for (var x = 0; x < 96; x++)
            Assert.Equal(stored.Pixels.Slice(3 * x, 3), upright.Pixels.Slice(3 * ((x * 64) + 63), 3));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    [InlineData(6, false)]
    [InlineData(6, true)]
    [InlineData(8, true)]
    public void The_exif_chunk_of_a_webp_is_applied_to_pixels_and_size_with_and_without_prefix(byte orientation, bool prefix)
    {
        using var folder = new TemporaryFolder();
        var plain = Samples.Encode(Samples.Gradient(32, 16), SKEncodedImageFormat.Webp, 100);
        var webp = Samples.WebpWithOrientation(plain, 32, 16, orientation, prefix);
        File.WriteAllBytes(folder["photo.webp"], webp);

        var image = RgbImage.Load(folder["photo.webp"]);

        Assert.Equal(orientation >= 5 ? new ImageSize(16, 32) : new ImageSize(32, 16), image.Size);
        Assert.Equal(image.Size, RgbImage.ReadSize(folder["photo.webp"]));
        var stored = RgbImage.Decode(plain);
        var corner = orientation switch { 1 => 0, 3 => (32 * 16) - 1, 6 => 15 * 32, _ => 31 };
        Assert.Equal(stored.Pixels.Slice(3 * corner, 3), image.Pixels[..3]);
    }

    [Fact]
    public void A_damaged_exif_chunk_leaves_the_image_as_it_is_stored()
    {
        var png = BadFiles.Bytes("png_exif_orientation6.png");
        var at = png.AsSpan().IndexOf("eXIf"u8) + 4;
        Assert.InRange(png[at - 5], 8, 200);
        for (var i = 0; i < png[at - 5]; i++)
        {
            var damaged = (byte[])png.Clone();
            damaged[at + i] ^= 0xFF;
            Assert.True(RgbImage.Decode(damaged).Size is { Width: 96, Height: 64 } or { Width: 64, Height: 96 });
        }
    }
}
