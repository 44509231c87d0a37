using DeconvNet.Imaging;
using DeconvNet.Training.Examples;
using DeconvNet.Training.Stages;

namespace DeconvNet.Tests.Training;

public sealed class AugmentationTests
{
    [Fact]
    public void Brightness_contrast_and_saturation_follow_their_formulas()
    {
        var image = new RgbImage(2, 1, [100, 50, 200, 20, 40, 60]);

        Assert.Equal([150, 75, 255, 30, 60, 90], ColorChange.Apply(image, 1.5, 1, 1, 0).Pixels.ToArray());

        // Gray of the pixels: 82.05 and 36.3; their mean is 59.175.
        Assert.Equal([80, 55, 130, 40, 50, 60], ColorChange.Apply(image, 1, 0.5, 1, 0).Pixels.ToArray());
        Assert.Equal([82, 82, 82, 36, 36, 36], ColorChange.Apply(image, 1, 1, 0, 0).Pixels.ToArray());
    }

    [Theory]
    [InlineData(1.0 / 3, 0, 255, 0)]
    [InlineData(-1.0 / 3, 0, 0, 255)]
    [InlineData(0.5, 0, 255, 255)]
    [InlineData(1.0 / 6, 255, 255, 0)]
    public void The_hue_of_red_turns_around_the_color_circle(double turn, byte r, byte g, byte b)
    {
        var turned = ColorChange.Apply(new RgbImage(2, 1, [255, 0, 0, 80, 80, 80]), 1, 1, 1, turn);
        Assert.Equal([r, g, b, 80, 80, 80], turned.Pixels.ToArray());
    }

    [Fact]
    public void A_quarter_turn_clockwise_moves_pixels_and_labels_alike_and_nothing_is_lost()
    {
        byte[] ids = [.. Enumerable.Range(0, 25).Select(i => (byte)i)];
        var (image, labels) = Turning.Around(new RgbImage(5, 5, [.. ids.SelectMany(id => new[] { id, id, id })]), new LabelMap(5, 5, ids), Math.PI / 2);

        Assert.Equal(ids, labels.Pixels.ToArray().Order());
        Assert.Equal(labels.Pixels.ToArray(), Enumerable.Range(0, 25).Select(i => image.Pixels[3 * i]));
        Assert.Equal((20, 12), (labels[0, 0], labels[2, 2]));
    }

    [Fact]
    public void Pixels_from_outside_the_rotated_photo_are_black_and_void()
    {
        var (image, labels) = Turning.Around(new RgbImage(9, 9, [.. Enumerable.Repeat((byte)200, 243)]), new LabelMap(9, 9, new byte[81]), Math.PI / 4);

        Assert.Equal((LabelMap.Void, 0), (labels[0, 0], labels[4, 4]));
        Assert.Equal((0, 200), (image.Pixels[0], image.Pixels[3 * 40]));
    }

    [Fact]
    public void Flipping_twice_changes_nothing()
    {
        var (image, labels) = (new RgbImage(1, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9]), new LabelMap(1, 3, [1, 2, 3]));

        var (once, turned) = Turning.UpsideDown(image, labels);

        Assert.Equal([7, 8, 9, 4, 5, 6, 1, 2, 3], once.Pixels.ToArray());
        Assert.Equal([3, 2, 1], turned.Pixels.ToArray());
        Assert.Equal(image.Pixels.ToArray(), Turning.UpsideDown(once, turned).Image.Pixels.ToArray());
    }

    [Fact]
    public void Changes_are_a_function_of_seed_and_place_and_stay_within_their_reach()
    {
        var options = new AugmentationOptions { Brightness = 0.5, Rotation = 20, FlipVertical = true, Blur = 1 };
        var (image, labels) = (new RgbImage(8, 8, [.. Enumerable.Range(0, 192).Select(i => (byte)(i % 100))]), new LabelMap(8, 8, new byte[64]));

        Assert.Equal(At(3), At(3));
        Assert.NotEqual(At(3), At(4));

        byte[] At(long place)
        {
            var random = new ExampleRandom(1, 0, place);
            return new Augmentation(options, ref random).Apply(image, labels).Image.Pixels.ToArray();
        }
    }

    [Fact]
    public void Without_options_nothing_is_drawn_and_nothing_changes()
    {
        var (random, untouched) = (new ExampleRandom(1, 2, 3), new ExampleRandom(1, 2, 3));
        var image = new RgbImage(1, 1, [1, 2, 3]);

        Assert.Same(image, new Augmentation(new AugmentationOptions(), ref random).Apply(image, new LabelMap(1, 1, [0])).Image);
        Assert.Equal(untouched.Next(), random.Next());
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Hue", () => new AugmentationOptions { Hue = 0.6 }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>("Rotation", () => new AugmentationOptions { Rotation = -1 }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>("Blur", () => new AugmentationOptions { Blur = double.NaN }.Validate());
    }
}
