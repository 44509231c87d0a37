using CsCheck;
using DeconvNet.Imaging;

namespace DeconvNet.Tests.Imaging;

public class GeometryTests
{
    private static readonly Gen<RgbImage> AnyImage = Gen.Select(Gen.Int[1, 30], Gen.Int[1, 30]).SelectMany((width, height) =>
        Gen.Byte.Array[3 * width * height].Select(pixels => new RgbImage(width, height, pixels)));

    private static readonly Gen<PixelBox> AnyBox = Gen.Select(Gen.Int[-20, 40], Gen.Int[-20, 40], Gen.Int[1, 40], Gen.Int[1, 40])
        .Select((x, y, width, height) => new PixelBox(x, y, x + width, y + height));

    [Fact]
    public void A_crop_holds_the_pixels_of_its_box_and_black_outside() =>
        Gen.Select(AnyImage, AnyBox).Sample(
            (image, box) =>
            {
                var crop = image.Crop(box);
                Assert.Equal((box.Width, box.Height), (crop.Width, crop.Height));
                for (var y = 0; y < crop.Height; y++)
                {
                    for (var x = 0; x < crop.Width; x++)
                        Assert.Equal(Pixel(image, x + box.X0, y + box.Y0), Pixel(crop, x, y));
                }
            },
            iter: 100);

    [Fact]
    public void A_crop_of_labels_is_void_outside() =>
        Gen.Select(AnyImage, AnyBox).Sample(
            (image, box) =>
            {
                var map = new LabelMap(image.Width, image.Height, image.Pixels[..(image.Width * image.Height)].ToArray());
                var crop = map.Crop(box);
                for (var y = 0; y < crop.Height; y++)
                {
                    for (var x = 0; x < crop.Width; x++)
                    {
                        var (fromX, fromY) = (x + box.X0, y + box.Y0);
                        var inside = fromX >= 0 && fromY >= 0 && fromX < map.Width && fromY < map.Height;
                        Assert.Equal(inside ? map[fromX, fromY] : LabelMap.Void, crop[x, y]);
                    }
                }
            },
            iter: 100);

    [Fact]
    public void Cropping_twice_equals_cropping_once() =>
        Gen.Select(AnyImage, AnyBox, AnyBox).Sample(
            (image, first, second) =>
            {
                // Only inside the first box: outside it, the second crop is black.
                var inner = second.Intersect(new PixelBox(0, 0, first.Width, first.Height));
                if (inner.IsEmpty)
                    return;

                var shifted = new PixelBox(inner.X0 + first.X0, inner.Y0 + first.Y0, inner.X1 + first.X0, inner.Y1 + first.Y0);
                Assert.Equal(image.Crop(shifted).Pixels.ToArray(), image.Crop(first).Crop(inner).Pixels.ToArray());
            },
            iter: 100);

    [Fact]
    public void A_mirror_image_is_reversed_and_twice_is_the_image_itself() =>
        AnyImage.Sample(
            image =>
            {
                var mirror = image.FlipHorizontal();
                Assert.Equal(Pixel(image, 0, image.Height - 1), Pixel(mirror, image.Width - 1, image.Height - 1));
                Assert.Equal(image.Pixels.ToArray(), mirror.FlipHorizontal().Pixels.ToArray());

                var map = new LabelMap(image.Width, image.Height, image.Pixels[..(image.Width * image.Height)].ToArray());
                Assert.Equal(map[0, map.Height - 1], map.FlipHorizontal()[map.Width - 1, map.Height - 1]);
                LabelMapFileTests.AssertSame(map, map.FlipHorizontal().FlipHorizontal());
            },
            iter: 100);

    [Theory]
    [InlineData(5, 5, 5, 9)]
    [InlineData(9, 5, 5, 9)]
    [InlineData(0, 0, 100_000, 100_000)]
    [InlineData(int.MinValue, 0, int.MaxValue, 1)]
    public void A_box_without_pixels_or_beyond_memory_is_refused(int x0, int y0, int x1, int y1)
    {
        var error = Assert.Throws<ArgumentException>(() => Samples.Gradient(4, 4).Crop(new PixelBox(x0, y0, x1, y1)));
        Assert.Contains($"[{x0}, {x1}) × [{y0}, {y1})", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LabelMap(1, 1, [0]).Crop(new PixelBox(x0, y0, x1, y1)));
    }

    private static (byte, byte, byte) Pixel(RgbImage image, int x, int y)
    {
        if (x < 0 || y < 0 || x >= image.Width || y >= image.Height)
            return (0, 0, 0);

        var at = 3 * ((y * image.Width) + x);
        return (image.Pixels[at], image.Pixels[at + 1], image.Pixels[at + 2]);
    }
}
