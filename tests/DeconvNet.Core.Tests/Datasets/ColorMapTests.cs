using DeconvNet.Datasets;
using DeconvNet.Imaging;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Datasets;

public sealed class ColorMapTests
{
    [Theory]
    [InlineData("# label:color_rgb:parts:actions\nbackground:0,0,0::\ncar:64,0,128::\nvoid:9,9,9::\n")]
    [InlineData("name,r,g,b\nBackground,0,0,0\ncar,64,0,128\nVoid,9,9,9\n")]
    [InlineData("0 0 0\t\tbackground\r\n64 0 128\tcar\r\n9 9 9 void")]
    [InlineData("car:64,0,128::\n_background_:0,0,0::\n__ignore__:9,9,9::")]
    public void Files_of_all_tools_give_the_same_map(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["map.txt"], text);

        Assert.Equal(new ColorMap([new("background", default), new("car", new(64, 0, 128))], [new(9, 9, 9)]), ColorMap.Load(folder["map.txt"]));
    }

    [Fact]
    public void The_known_maps_have_the_classes_that_are_compared()
    {
        Assert.Equal((19, "road", "bicycle"), (ColorMap.Cityscapes.ClassNames.Count, ColorMap.Cityscapes.ClassNames[0], ColorMap.Cityscapes.ClassNames[18]));
        Assert.Equal((11, 31), (ColorMap.CamVid.ClassNames.Count, ColorMap.CamVid.Classes.Count));
        Assert.Equal(new Rgb(192, 128, 128), ColorMap.Voc.Classes[15].Color);
        Assert.Equal([new Rgb(224, 224, 192)], ColorMap.Voc.VoidColors);
    }

    [Fact]
    public void A_color_of_two_meanings_is_refused()
    {
        Assert.Contains("(1, 2, 3)", Assert.Throws<ArgumentException>(() => new ColorMap([new("a", new(1, 2, 3))], [new(1, 2, 3)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ColorMap([]));
    }
}
