using DeconvNet.Imaging.Resampling;

namespace DeconvNet.Tests.Imaging;

public class ResamplingBorderTests
{
    [Fact]
    public void Beyond_a_line_pixels_repeat_as_each_rule_says()
    {
        // NumPy's pad of [0, 1, 2] by 5 on either side, modes edge, symmetric and reflect.
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 2], Padded(Border.Clamp));
        Assert.Equal([1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1], Padded(Border.Reflect));
        Assert.Equal([1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1], Padded(Border.Reflect101));

        static int[] Padded(Func<int, int, int> rule) => [.. Enumerable.Range(-5, 13).Select(index => rule(index, 3))];
    }

    [Fact]
    public void A_single_pixel_is_its_own_neighborhood() =>
        Assert.All(new Func<int, int, int>[] { Border.Clamp, Border.Reflect, Border.Reflect101 }, rule => Assert.All(Enumerable.Range(-4, 9), index => Assert.Equal(0, rule(index, 1))));

    [Fact]
    public void A_position_is_between_its_two_samples()
    {
        Assert.Equal(new LinearTap(2, 3, 0.25f), LinearTap.At(2.25, 5));
        Assert.Equal(new LinearTap(0, 1, 0), LinearTap.At(-3, 5));
        Assert.Equal(new LinearTap(4, 4, 0), LinearTap.At(4.5, 5));
        Assert.Equal(new LinearTap(0, 0, 0), LinearTap.At(0.5, 1));

        // Ten units hold four pixels, whose centers are at 1.25, 3.75, 6.25 and 8.75.
        Assert.Equal(new LinearTap(1, 2, 0), LinearTap.OnLine(3.75, 10, 4));
        Assert.Equal(new LinearTap(1, 2, 0.5f), LinearTap.OnLine(5, 10, 4));
        Assert.Equal(new LinearTap(0, 1, 0), LinearTap.OnLine(0, 10, 4));
        Assert.Equal(new LinearTap(3, 3, 0), LinearTap.OnLine(10, 10, 4));
    }

    [Theory]
    [InlineData(-1, 0, 2, 2)]
    [InlineData(0, -1, 2, 2)]
    [InlineData(0, 0, -2, -2)]
    [InlineData(3, 0, 2, 2)]
    [InlineData(0, 2, 2, 2)]
    [InlineData(int.MaxValue, 0, 2, 2)]
    public void A_window_outside_its_plane_is_rejected(int x, int y, int width, int height)
    {
        var window = new PlaneWindow(x, y, width, height);
        var pixels = new float[4];

        var cut = Assert.Throws<ArgumentException>("window", () => Planes.ResizeBilinear(new float[12], 1, 3, 4, pixels, 3, 4, window, antialias: true));
        Assert.Throws<ArgumentException>("window", () => Planes.ResizeBordered(pixels, new PlaneSteps(2, 4), window, [0f], 3, 4, new float[12], 3, 4, antialias: true));
        Assert.Contains("4×3", cut.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_size_or_length_is_named()
    {
        var (one, window, steps) = (new float[1], new PlaneWindow(0, 0, 1, 1), new PlaneSteps(2, 4));
        Assert.Throws<ArgumentOutOfRangeException>("channels", () => Planes.ResizeBilinear([], 0, 1, 1, [], 1, 1, antialias: true));
        Assert.Throws<ArgumentOutOfRangeException>("sh", () => Planes.ResizeBilinear([], 1, 0, 1, one, 1, 1, antialias: true));
        Assert.Throws<ArgumentOutOfRangeException>("sw", () => Planes.ResizeBilinear([], 1, 1, 0, one, 1, 1, antialias: true));
        Assert.Throws<ArgumentOutOfRangeException>("dh", () => Planes.ResizeBilinear(one, 1, 1, 1, [], 0, 1, antialias: true));
        Assert.Throws<ArgumentOutOfRangeException>("dw", () => Planes.ResizeBilinear(one, 1, 1, 1, [], 1, 0, antialias: true));
        Assert.Throws<ArgumentOutOfRangeException>("channels", () => Planes.ResizeBordered([], steps, window, [], 1, 1, [], 1, 1, antialias: true));

        var length = Assert.Throws<ArgumentException>("src", () => Planes.ResizeBordered(new float[9], steps, new PlaneWindow(0, 0, 2, 3), [0f, 0f], 3, 4, one, 1, 1, antialias: true));
        Assert.Contains("9 values do not hold", length.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("dst", () => Planes.ResizeBordered(one, steps, window, [0f], 3, 4, one, 1, 2, antialias: true));
        Assert.Throws<ArgumentException>("dst", () => Planes.ResizeBilinear(one, 1, 1, 1, one, 2, 1, antialias: true));
    }
}
