using System.Text.Json;
using DeconvNet.Datasets.Coco;
using DeconvNet.Imaging;

namespace DeconvNet.Tests.Data;

/// <summary>Outlines against the numbers of COCO's own library (cocoapi, common/maskApi.c), made by calling it on these polygons.</summary>
public sealed class CocoMaskTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Polygons_and_run_lengths_give_the_pixels_of_COCOs_library(int number)
    {
        var expected = Reference[number];
        var size = new ImageSize(expected.GetProperty("width").GetInt32(), expected.GetProperty("height").GetInt32());
        var polygon = new ColumnMask(size);
        polygon.AddPolygon([.. expected.GetProperty("polygon").EnumerateArray().Select(value => value.GetDouble())]);
        long[] counts = [.. expected.GetProperty("counts").EnumerateArray().Select(value => value.GetInt64())];
        var runs = new ColumnMask(size);
        runs.AddRuns(counts);

        Assert.Equal(counts, ColumnMask.Decompress(expected.GetProperty("compressed").GetString()!));
        Assert.Equal(Pixels(runs, size), Pixels(polygon, size));
        Assert.Equal(expected.GetProperty("area").GetInt32(), Pixels(polygon, size).Count(inside => inside));
    }

    [Theory]
    [InlineData("g0550~")]
    [InlineData("g")]
    [InlineData("gggggggggggggggggg")]
    [InlineData(" ")]
    public void Damaged_counts_are_refused(string text) => Assert.Throws<FormatException>(() => ColumnMask.Decompress(text));

    [Fact]
    public void Runs_and_polygons_that_do_not_fit_are_refused()
    {
        var mask = new ColumnMask(new ImageSize(4, 3));
        Assert.Throws<FormatException>(() => mask.AddRuns([6, 7]));
        Assert.Throws<FormatException>(() => mask.AddRuns([6, 5]));
        Assert.Throws<FormatException>(() => mask.AddRuns([6, -1]));
        Assert.Throws<FormatException>(() => mask.AddPolygon([0, 0, 1, 1]));
        Assert.Throws<FormatException>(() => mask.AddPolygon([0, 0, 1, 1, 1e9, 2]));
        Assert.Throws<FormatException>(() => mask.AddPolygon([0, 0, 1, 1, double.NaN, 2]));
    }

    private static JsonElement Reference { get; } = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "coco", "polygons.json"))).RootElement;

    private static bool[] Pixels(ColumnMask mask, ImageSize size) =>
        [.. from y in Enumerable.Range(0, size.Height) from x in Enumerable.Range(0, size.Width) select mask[x, y]];
}
