using DeconvNet.Datasets;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Drawing;

namespace DeconvNet.Tests.Imaging;

public class OverlayTests
{
    [Fact]
    public void Background_keeps_the_photo_and_objects_take_their_color()
    {
        var photo = Samples.Gradient(200, 120);
        var labels = new byte[200 * 120];
        for (var y = 40; y < 100; y++)
            labels.AsSpan((y * 200) + 60, 100).Fill(12);

        var overlay = Overlay.Draw(photo, new LabelMap(200, 120, labels), VocClasses.Names, new OverlayOptions { Opacity = 1 });

        Assert.Equal(200, overlay.Width);
        Assert.True(overlay.Height > 120);
        var (r, g, b) = ClassColors.Color(12);
        for (var y = 0; y < 120; y++)
        {
            for (var x = 0; x < 200; x++)
            {
                // The two pixels around the border belong to the line.
                var nearX = Math.Min(Math.Abs(x - 59.5), Math.Abs(x - 159.5)) < 2.5;
                var nearY = Math.Min(Math.Abs(y - 39.5), Math.Abs(y - 99.5)) < 2.5;
                if (nearX || nearY)
                    continue;

                var expected = labels[(y * 200) + x] == 12 ? new[] { r, g, b } : photo.Pixels.Slice(3 * ((y * 200) + x), 3).ToArray();
                Assert.Equal(expected, overlay.Pixels.Slice(3 * ((y * 200) + x), 3).ToArray());
            }
        }

        Assert.All([61, 62], x => Assert.NotEqual(photo.Pixels[3 * ((70 * 200) + x)], overlay.Pixels[3 * ((70 * 200) + x)]));
        Assert.True(overlay.Pixels[3 * ((70 * 200) + 59)] > 200, "the contour is light");
    }

    [Fact]
    public void Half_the_opacity_is_halfway()
    {
        var photo = new RgbImage(50, 50, new byte[7500]);
        var overlay = Overlay.Draw(photo, new LabelMap(50, 50, Enumerable.Repeat((byte)15, 2500).ToArray()), VocClasses.Names, new OverlayOptions { Opacity = 0.5 });

        Assert.Equal(ClassColors.Color(15).R / 2.0, overlay.Pixels[3 * ((25 * overlay.Width) + 25)], 1.0);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 300)]
    [InlineData(300, 7)]
    [InlineData(1, 30000)]
    [InlineData(500, 375)]
    public void The_legend_lies_outside_the_photo_and_holds_every_class(int width, int height)
    {
        var labels = Enumerable.Range(0, width * height).Select(i => (byte)(i % 21)).ToArray();

        var overlay = Overlay.Draw(Samples.Gradient(width, height), new LabelMap(width, height, labels), VocClasses.Names);

        var legend = overlay.Crop(new PixelBox(0, height, overlay.Width, overlay.Height)).Pixels.ToArray().Chunk(3).Select(p => (p[0], p[1], p[2])).ToHashSet();
        foreach (var id in labels.Where(id => id != 0).Distinct())
            Assert.Contains((ClassColors.Color(id).R, ClassColors.Color(id).G, ClassColors.Color(id).B), legend);
    }

    [Fact]
    public void Another_name_or_fraction_gives_another_legend()
    {
        var photo = Samples.Gradient(100, 50);
        var map = new LabelMap(100, 50, Enumerable.Repeat((byte)1, 5000).ToArray());
        var one = Overlay.Draw(photo, map, ["background", "cat"]).Pixels.ToArray();

        Assert.Equal(one, Overlay.Draw(photo, map, ["background", "cat"]).Pixels.ToArray());
        Assert.NotEqual(one, Overlay.Draw(photo, map, ["background", "car"]).Pixels.ToArray());
    }

    [Fact]
    public void Every_sign_that_the_font_promises_has_a_glyph_of_its_own()
    {
        const string Signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789?!&.,:;-_()/%+<'";
        var drawn = Signs.Select(sign =>
        {
            var canvas = new Canvas(8, 10);
            BitmapFont.Draw(canvas, sign.ToString(), 1, 0, 1, new Rgb(255, 255, 255));
            Assert.InRange(BitmapFont.Measure(sign.ToString(), 1), 1, 5);
            return Convert.ToHexString(canvas.Pixels);
        });

        Assert.Equal(Signs.Length, drawn.Distinct().Count());
        Assert.Equal(BitmapFont.Measure("?", 3), BitmapFont.Measure("é", 3));
    }

    [Fact]
    public void Classes_without_a_name_and_void_are_shown_too()
    {
        var overlay = Overlay.Draw(Samples.Gradient(2, 1), new LabelMap(2, 1, [37, 255]), ["background"]);

        Assert.True(overlay.Width > BitmapFont.Measure("unlabeled", 1));
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        var photo = Samples.Gradient(4, 4);
        Assert.Throws<ArgumentException>(() => Overlay.Draw(photo, new LabelMap(4, 3, new byte[12]), VocClasses.Names));
        Assert.All([-0.1, 1.1, double.NaN], opacity =>
            Assert.Throws<ArgumentOutOfRangeException>(() => Overlay.Draw(photo, new LabelMap(4, 4, new byte[16]), VocClasses.Names, new OverlayOptions { Opacity = opacity })));
    }
}
