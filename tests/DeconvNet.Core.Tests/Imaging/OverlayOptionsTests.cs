using DeconvNet.Imaging;
using DeconvNet.Imaging.Drawing;

namespace DeconvNet.Tests.Imaging;

public class OverlayOptionsTests
{
    private static readonly string[] Names = ["background", "cat", "dog"];
    private static readonly OverlayOptions Bare = new() { Legend = LegendPlacement.None };

    [Theory]
    [InlineData(0)]
    [InlineData(128)]
    [InlineData(255)]
    public void The_outline_is_seen_where_the_photo_has_the_color_of_the_class(byte gray)
    {
        var photo = Plain(60, 40, gray);
        var hidden = Bare with { Palette = [default, new(gray, gray, gray)] };
        var labels = Halves(60, 40, 0, 1);

        var row = Row(Overlay.Draw(photo, labels, Names, hidden), 20);

        Assert.Contains(row, value => Math.Abs(value - gray) > 70);
        Assert.Equal([.. Enumerable.Repeat(gray, 26)], row[..26]);
        Assert.Equal([.. Enumerable.Repeat(gray, 26)], row[34..]);
        Assert.Equal([.. Enumerable.Repeat(gray, 60)], Row(Overlay.Draw(photo, labels, Names, hidden with { Outline = false }), 20));
    }

    [Fact]
    public void The_photo_without_legend_and_outline_is_blended_and_nothing_else()
    {
        var photo = Samples.Gradient(30, 20);
        var picture = Overlay.Draw(photo, Halves(30, 20, 0, 2), Names, Bare with { Outline = false, Opacity = 0.25, Palette = [default, default, new(200, 100, 0)] });

        Assert.Equal(photo.Size, picture.Size);
        for (var i = 0; i < picture.Pixels.Length; i++)
        {
            var color = (i % 3) switch { 0 => 200, 1 => 100, _ => 0 };
            var inside = i / 3 % 30 >= 15;
            Assert.Equal(inside ? (0.75 * photo.Pixels[i]) + (0.25 * color) : photo.Pixels[i], picture.Pixels[i], 1.0);
        }
    }

    [Fact]
    public void Classes_that_are_not_chosen_keep_the_color_of_the_photo_and_have_no_entry()
    {
        var photo = Plain(300, 100, 60);
        var labels = Halves(300, 100, 1, 2);
        var options = new OverlayOptions { Classes = ["dog"], Opacity = 1, Outline = false };

        var picture = Overlay.Draw(photo, labels, Names, options);

        Assert.Equal([60, 60, 60], Pixel(picture, 50, 50));
        Assert.Equal(Of(2), Pixel(picture, 250, 50));
        var legend = picture.Crop(new PixelBox(0, 100, picture.Width, picture.Height)).Pixels.ToArray().Chunk(3).ToList();
        Assert.Contains(legend, pixel => pixel.SequenceEqual(Of(2)));
        Assert.DoesNotContain(legend, pixel => pixel.SequenceEqual(Of(1)));
        Assert.Equal(Overlay.Draw(photo, labels, Names, Bare with { Classes = ["cat", "dog"] }).Pixels, Overlay.Draw(photo, labels, Names, Bare).Pixels);
    }

    [Fact]
    public void A_class_that_was_not_found_is_listed_with_0_percent()
    {
        var photo = Plain(300, 100, 60);
        var empty = Overlay.Draw(photo, new LabelMap(300, 100, new byte[30000]), Names, new OverlayOptions { Classes = ["cat"] });

        Assert.Contains(empty.Crop(new PixelBox(0, 100, empty.Width, empty.Height)).Pixels.ToArray().Chunk(3), pixel => pixel.SequenceEqual(Of(1)));
        Assert.Equal(photo.Pixels, Overlay.Draw(photo, new LabelMap(300, 100, new byte[30000]), Names, new OverlayOptions { Classes = [] }).Pixels);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void A_legend_inside_takes_the_free_corner(int column, int row)
    {
        // Everything is a cat but one quarter, which has room for the legend.
        var labels = Enumerable.Repeat((byte)1, 400 * 300).ToArray();
        for (var y = 150 * row; y < 150 * (row + 1); y++)
            labels.AsSpan((y * 400) + (200 * column), 200).Clear();

        var (map, options) = (new LabelMap(400, 300, labels), new OverlayOptions { Legend = LegendPlacement.Inside });
        var (with, without) = (Overlay.Draw(Plain(400, 300, 30), map, Names, options), Overlay.Draw(Plain(400, 300, 30), map, Names, Bare));

        Assert.Equal(without.Size, with.Size);
        var changed = 0;
        for (var y = 0; y < 300; y++)
        {
            for (var x = 0; x < 400; x++)
            {
                if (Pixel(with, x, y).SequenceEqual(Pixel(without, x, y)))
                    continue;
                changed++;
                Assert.Equal((column, row), (x / 200, y / 150));
            }
        }

        Assert.InRange(changed, 1000, 200 * 150);
    }

    [Fact]
    public void A_legend_that_does_not_fit_inside_is_drawn_below()
    {
        var (photo, labels) = (Plain(40, 12, 30), Halves(40, 12, 0, 1));

        Assert.Equal(
            Overlay.Draw(photo, labels, Names).Pixels,
            Overlay.Draw(photo, labels, Names, new OverlayOptions { Legend = LegendPlacement.Inside }).Pixels);
    }

    [Fact]
    public void Colors_of_a_palette_come_first_and_the_usual_ones_after_its_end()
    {
        var options = Bare with { Opacity = 1, Outline = false, Palette = [default, new(1, 2, 3)] };
        var picture = Overlay.Draw(Plain(20, 10, 99), Halves(20, 10, 1, 2), Names, options);

        Assert.Equal([1, 2, 3], Pixel(picture, 3, 3));
        Assert.Equal(Of(2), Pixel(picture, 17, 3));
    }

    [Fact]
    public void Usual_colors_differ_from_each_other_and_from_gray()
    {
        var all = Enumerable.Range(0, 256).Select(id => ClassColors.Color((byte)id)).ToArray();

        Assert.Equal(256, all.Distinct().Count());
        for (var i = 1; i <= 20; i++)
        {
            Assert.True(Math.Max(Math.Max(all[i].R, all[i].G), all[i].B) - Math.Min(Math.Min(all[i].R, all[i].G), all[i].B) >= 90, $"{all[i]} is nearly gray.");
            for (var j = 1; j < i; j++)
                Assert.True(Math.Abs(all[i].R - all[j].R) + Math.Abs(all[i].G - all[j].G) + Math.Abs(all[i].B - all[j].B) >= 80, $"{all[i]} and {all[j]} are alike.");
        }
    }

    [Fact]
    public void Options_with_equal_lists_are_equal()
    {
        var (one, other) = (new OverlayOptions { Classes = ["cat"], Palette = [new(1, 2, 3)] }, new OverlayOptions { Classes = ["cat"], Palette = [new(1, 2, 3)] });

        Assert.Equal(one, other);
        Assert.NotEqual(one, other with { Classes = ["dog"] });
    }

    [Fact]
    public void Wrong_options_are_refused_by_name()
    {
        Refused("Opacity", new() { Opacity = double.NaN });
        Refused("Legend", new() { Legend = (LegendPlacement)7 });
        Refused("Palette", new() { Palette = new Rgb[257] });
        Refused("'bat'; the classes are background, cat, dog", new() { Classes = ["bat"] });
        Assert.Throws<ArgumentException>("options", () => Overlay.Draw(Plain(9, 9, 0), new LabelMap(9, 9, new byte[81]), Names, new() { Classes = ["bat"] }));
        Refused("no font 'No Such Family'", new() { Font = "No Such Family" });
        Refused("no font '*'", new() { Font = "*" });
        Refused("no font 'none/such.ttf'", new() { Font = "none/such.ttf" });

        static void Refused(string part, OverlayOptions options) => Assert.Contains(
            part, Assert.ThrowsAny<ArgumentException>(() => Overlay.Draw(Plain(9, 9, 0), new LabelMap(9, 9, new byte[81]), Names, options)).Message, StringComparison.Ordinal);
    }

    private static byte[] Of(byte id) => ClassColors.Color(id) is var (r, g, b) ? [r, g, b] : [];

    private static RgbImage Plain(int width, int height, byte gray) => new(width, height, [.. Enumerable.Repeat(gray, 3 * width * height)]);

    private static LabelMap Halves(int width, int height, byte left, byte right) =>
        new(width, height, [.. Enumerable.Range(0, width * height).Select(i => i % width < width / 2 ? left : right)]);

    private static byte[] Row(RgbImage image, int y) => [.. Enumerable.Range(0, image.Width).Select(x => image.Pixels[3 * ((y * image.Width) + x)])];

    private static byte[] Pixel(RgbImage image, int x, int y) => image.Pixels.Slice(3 * ((y * image.Width) + x), 3).ToArray();
}
