using DeconvNet.Imaging;
using DeconvNet.Imaging.Drawing;

namespace DeconvNet.Tests.Imaging;

public class LetteringTests
{
    private const string NoFont = "This machine has no common font.";

    private static readonly Rgb White = new(255, 255, 255);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Capitals_are_drawn_at_the_given_position_in_every_font(int scale)
    {
        foreach (var font in Fonts())
        {
            var ink = Ink(Lettering.Of(font, scale), "HE", 100, 60);

            Assert.InRange(ink.Y0, 59, 61);
            Assert.InRange(ink.Y1, 60 + (7 * scale) - 1, 60 + (7 * scale) + 1);
            Assert.InRange(ink.X0, 98, 100 + (2 * scale));
            Assert.InRange(ink.X1, 100, 100 + Lettering.Of(font, scale).Measure("HE") + 2);
        }
    }

    [Fact]
    public void Text_that_is_cut_off_by_the_canvas_does_no_harm()
    {
        foreach (var font in Fonts())
            Assert.NotEqual(default, Ink(Lettering.Of(font, 3), "cat", -4, -5));
    }

    [Fact]
    public void A_real_font_has_letters_that_the_built_in_one_has_not()
    {
        Assert.Equal(Pixels(OverlayOptions.BuiltInFont, "é"), Pixels(OverlayOptions.BuiltInFont, "?"));
        Assert.SkipUnless(Typefaces.Usual is not null, NoFont);
        Assert.NotEqual(Pixels(null, "é"), Pixels(null, "?"));
        Assert.NotEqual(Pixels(null, "é"), Pixels(null, "e"));
    }

    [Fact]
    public void A_font_is_found_by_its_family_and_by_its_file()
    {
        var file = Path.Combine("/usr/share/fonts/truetype/dejavu", "DejaVuSans.ttf");
        Assert.SkipUnless(File.Exists(file), NoFont);
        Assert.Equal(Pixels(file, "cat 5 %"), Pixels("DejaVu Sans", "cat 5 %"));
    }

    [Fact]
    public void A_file_that_is_not_a_font_is_refused_by_name()
    {
        var path = typeof(LetteringTests).Assembly.Location;
        Assert.Contains(path, Assert.Throws<ArgumentException>(() => Lettering.Of(path, 1)).Message, StringComparison.Ordinal);
    }

    private static string?[] Fonts() => [OverlayOptions.BuiltInFont, null];

    private static byte[] Pixels(string? font, string text)
    {
        var canvas = new Canvas(200, 40);
        Lettering.Of(font, 2).Draw(canvas, text, 10, 10, White);
        return canvas.Pixels;
    }

    private static PixelBox Ink(Lettering lettering, string text, int x, int y)
    {
        var canvas = new Canvas(300, 160);
        lettering.Draw(canvas, text, x, y, White);
        var inked = Enumerable.Range(0, 300 * 160).Where(i => canvas.Pixels[3 * i] > 90).ToArray();
        return inked.Length == 0
            ? default
            : new PixelBox(inked.Min(i => i % 300), inked.Min(i => i / 300), inked.Max(i => i % 300) + 1, inked.Max(i => i / 300) + 1);
    }
}
