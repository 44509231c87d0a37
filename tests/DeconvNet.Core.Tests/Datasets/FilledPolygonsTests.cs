using System.Text.Json;
using DeconvNet.Datasets.Coco;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Masks;

namespace DeconvNet.Tests.Datasets;

/// <summary>Filled polygons against the numbers of COCO's own library (cocoapi, common/maskApi.c), made by calling it on these polygons.</summary>
public sealed class FilledPolygonsTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Polygons_have_the_pixels_of_COCOs_library(int number)
    {
        var expected = Reference[number];
        var size = new ImageSize(expected.GetProperty("width").GetInt32(), expected.GetProperty("height").GetInt32());
        var polygons = new FilledPolygons(size);

        polygons.Add([.. expected.GetProperty("polygon").EnumerateArray().Select(value => value.GetDouble())]);

        Assert.Equal(expected.GetProperty("compressed").GetString(), CocoRunLengths.FromMask(polygons.ToMask()).ToCompressedString());
    }

    [Fact]
    public void Several_polygons_are_one_object()
    {
        var polygons = new FilledPolygons(new ImageSize(6, 4));
        polygons.Add([0, 0, 3, 0, 3, 2, 0, 2]);
        polygons.Add([2, 1, 6, 1, 6, 4, 2, 4]);
        Assert.Equal(6 + 12 - 1, polygons.ToMask().Area);
    }

    [Fact]
    public void Invalid_polygons_are_refused()
    {
        var polygons = new FilledPolygons(new ImageSize(4, 3));
        Assert.Throws<FormatException>(() => polygons.Add([0, 0, 1, 1]));
        Assert.Throws<FormatException>(() => polygons.Add([0, 0, 1, 1, 1e9, 2]));
        Assert.Throws<FormatException>(() => polygons.Add([0, 0, 1, 1, double.NaN, 2]));
    }

    [Fact]
    public void Polygons_do_not_affect_the_next_one()
    {
        var polygons = new FilledPolygons(new ImageSize(6, 4));
        for (var i = 0; i < 3; i++)
        {
            polygons.Add([4, 0, 9, 0, 9, 9, 4, 9]);
            polygons.Add([0, 0, 2, 0, 2, 4, 0, 4]);
        }

        Assert.Equal(8 + 8, polygons.ToMask().Area);
    }

    [Fact]
    public void An_outline_that_crosses_the_image_without_end_is_refused()
    {
        var polygons = new FilledPolygons(new ImageSize(4, 3));
        double[] zigzag = [.. Enumerable.Range(0, 1000).SelectMany(i => (double[])[i % 2 == 0 ? 1e5 : -1e5, i])];
        Assert.Contains("pixels long", Assert.Throws<FormatException>(() => polygons.Add(zigzag)).Message, StringComparison.Ordinal);
    }

    private static JsonElement Reference { get; } = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "coco", "polygons.json"))).RootElement;
}
