using DeconvNet.Imaging;
using DeconvNet.Proposals;

namespace DeconvNet.Tests.Proposals;

public class SlidingWindowsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(500, 375)]
    [InlineData(20, 900)]
    public void The_whole_image_comes_first_then_distinct_windows_inside_largest_first(int width, int height)
    {
        var image = new RgbImage(width, height, new byte[3 * width * height]);

        var windows = new SlidingWindows().Generate(image, 10000, Cancellation);

        Assert.Equal(new Proposal(image.Bounds, 1), windows[0]);
        Assert.Equal(windows.Count, windows.Select(window => window.Box).Distinct().Count());
        Assert.All(windows, window => Assert.Equal(window.Box, window.Box.Intersect(image.Bounds)));
        Assert.All(windows, window => Assert.False(window.Box.IsEmpty));
        Assert.Equal(windows.OrderByDescending(window => window.Score), windows);
        Assert.Equal(windows.Take(3), new SlidingWindows().Generate(image, 3, Cancellation));
    }

    [Fact]
    public void Windows_of_one_size_cover_the_image_at_no_more_than_the_stride()
    {
        var options = new SlidingWindowsOptions { Scales = [0.3], AspectRatios = [1], Stride = 0.5, IncludeWholeImage = false };
        var image = new RgbImage(100, 100, new byte[30000]);

        var boxes = new SlidingWindows(options).Generate(image, 1000, Cancellation).Select(window => window.Box).ToArray();

        Assert.All(boxes, box => Assert.Equal((30, 30), (box.Width, box.Height)));
        var columns = boxes.Select(box => box.X0).Distinct().Order().ToArray();
        Assert.Equal((0, 70), (columns[0], columns[^1]));
        Assert.All(columns.Zip(columns.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 1, 15));
        Assert.Equal(columns.Length * columns.Length, boxes.Length);
        Assert.True(boxes[0].X0 is 28 or 42, "The first window is the one nearest to the center.");
    }

    [Fact]
    public void Without_scales_the_whole_image_is_the_only_proposal()
    {
        var image = new RgbImage(8, 6, new byte[144]);

        Assert.Equal(image.Bounds, Assert.Single(new SlidingWindows(new SlidingWindowsOptions { Scales = [] }).Generate(image, 9, Cancellation)).Box);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        string? Refused(SlidingWindowsOptions options) => Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingWindows(options)).ParamName;

        Assert.Equal("Scales", Refused(new SlidingWindowsOptions { Scales = [0.5, 0] }));
        Assert.Equal("AspectRatios", Refused(new SlidingWindowsOptions { AspectRatios = [double.NaN] }));
        Assert.Equal("Stride", Refused(new SlidingWindowsOptions { Stride = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingWindows().Generate(new RgbImage(1, 1, new byte[3]), 0, Cancellation));
    }
}
