using DeconvNet.Imaging;
using DeconvNet.Imaging.Drawing;

namespace DeconvNet.Tests.Imaging;

public class MontageTests
{
    [Fact]
    public void Pictures_are_placed_unchanged_row_by_row()
    {
        RgbImage[] pictures = [Samples.Gradient(60, 40), Samples.Gradient(30, 50), Samples.Gradient(60, 50)];

        var montage = Montage.Draw([.. pictures.Select((picture, i) => new MontagePanel(picture, $"no. {i}"))], columns: 2);

        var places = Array.ConvertAll(pictures, picture => Find(picture, montage));
        Assert.True(places[0].X < places[1].X && places[0].Y == places[1].Y);
        Assert.True(places[2].X <= places[0].X && places[2].Y >= places[1].Y + pictures[1].Height);
    }

    [Fact]
    public void Captions_are_drawn_above_their_pictures()
    {
        var blank = new RgbImage(80, 20, [.. Enumerable.Repeat((byte)250, 3 * 80 * 20)]);

        var (bare, named) = (Montage.Draw([new(blank, "")], 1), Montage.Draw([new(blank, "cat")], 1));

        Assert.Equal((bare.Width, bare.Height), (named.Width, named.Height));
        var top = 3 * bare.Width * Find(blank, bare).Y;
        Assert.False(bare.Pixels[..top].SequenceEqual(named.Pixels[..top]));
        Assert.True(bare.Pixels[top..].SequenceEqual(named.Pixels[top..]));
    }

    [Fact]
    public void A_caption_that_is_wider_than_its_picture_fits()
    {
        var montage = Montage.Draw([new(Samples.Gradient(4, 4), "a caption much wider than four pixels")], columns: 3);

        Assert.True(montage.Width > 100);
    }

    [Fact]
    public void Zero_pictures_and_zero_columns_are_refused()
    {
        Assert.Throws<ArgumentException>("panels", () => Montage.Draw([], 2));
        Assert.Throws<ArgumentOutOfRangeException>("columns", () => Montage.Draw([new(Samples.Gradient(4, 4), "")], 0));
    }

    private static (int X, int Y) Find(RgbImage picture, RgbImage whole)
    {
        for (var y = 0; y <= whole.Height - picture.Height; y++)
        {
            for (var x = 0; x <= whole.Width - picture.Width; x++)
            {
                if (Enumerable.Range(0, picture.Height).All(row =>
                    whole.Pixels.Slice(3 * (((y + row) * whole.Width) + x), 3 * picture.Width).SequenceEqual(picture.Pixels.Slice(3 * row * picture.Width, 3 * picture.Width))))
                {
                    return (x, y);
                }
            }
        }

        throw new InvalidOperationException("The picture is nowhere in the montage.");
    }
}
