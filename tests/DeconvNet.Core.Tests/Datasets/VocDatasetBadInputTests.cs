using DeconvNet.Datasets;
using DeconvNet.Imaging;
using SkiaSharp;

namespace DeconvNet.Tests.Datasets;

public sealed class VocDatasetBadInputTests : IDisposable
{
    private readonly MiniVoc voc = new MiniVoc().WithCat("good").WithCat("bad").WithSet("train", "good", "bad");

    public void Dispose() => voc.Dispose();

    [Fact]
    public void A_folder_that_is_not_a_VOC_folder_is_named()
    {
        var error = Assert.Throws<DirectoryNotFoundException>(() => new VocDataset(Path.Combine(voc.Root, "Annotations"), "train"));
        Assert.Contains("JPEGImages", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_image_set_is_named_with_those_that_exist()
    {
        var error = Assert.Throws<FileNotFoundException>(() => new VocDataset(voc.Root, "train+val"));
        Assert.EndsWith(Path.Combine("Segmentation", "val.txt"), error.FileName, StringComparison.Ordinal);
        Assert.Contains("there are: train.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("train+")]
    [InlineData("../Segmentation/train")]
    [InlineData("..")]
    public void A_name_that_is_not_an_image_set_is_refused(string name) =>
        Assert.ThrowsAny<ArgumentException>(() => new VocDataset(voc.Root, name));

    [Theory]
    [InlineData("../../secret")]
    [InlineData("2007_000032 1")]
    [InlineData("a\\b")]
    public void A_line_that_is_not_an_id_is_named(string line)
    {
        var error = Assert.Throws<InvalidDataException>(() => new VocDataset(voc.WithSet("odd", "good", line).Root, "odd"));
        Assert.Contains("odd.txt, line 2", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => VocDataset.FromIds(voc.Root, [line]));
    }

    [Fact]
    public void An_empty_image_set_is_refused() =>
        Assert.Throws<InvalidDataException>(() => new VocDataset(voc.WithSet("none", "", " ").Root, "none"));

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void An_index_outside_is_refused(int index) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new VocDataset(voc.Root, "train").Load(index));

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_fraction_outside_0_to_1_is_refused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new VocDataset(voc.Root, "train").Split(share, 1));

    [Fact]
    public void A_missing_photo_is_named() => LoadingNamesMissing(voc.Image("bad"));

    [Fact]
    public void A_missing_mask_is_named() => LoadingNamesMissing(voc.Mask("bad"));

    [Fact]
    public void A_missing_annotation_is_named() => LoadingNamesMissing(voc.Annotation("bad"));

    [Fact]
    public void A_mask_of_another_size_is_named_with_both_sizes()
    {
        new LabelMap(12, 16, new byte[192]).SavePng(voc.Mask("bad"));
        LoadingSays(voc.Mask("bad"), "12×16", "16×12");
    }

    [Fact]
    public void An_instance_mask_of_another_size_is_named()
    {
        new LabelMap(1, 1, new byte[1]).SavePng(voc.InstanceMask("bad"));
        LoadingSays(voc.InstanceMask("bad"), "1×1");
    }

    [Fact]
    public void A_mask_with_a_class_that_VOC_lacks_is_named_with_the_place()
    {
        var labels = new byte[192];
        labels[17] = 21;
        new LabelMap(16, 12, labels).SavePng(voc.Mask("bad"));
        LoadingSays(voc.Mask("bad"), "21 at column 1, row 1");
    }

    [Fact]
    public void A_mask_of_colors_is_refused()
    {
        using (var bitmap = new SKBitmap(16, 12))
        using (var file = File.Create(voc.Mask("bad")))
        {
            bitmap.Erase(SKColors.Maroon);
            bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
        }

        LoadingSays(voc.Mask("bad"));
    }

    [Fact]
    public void An_annotation_of_another_size_is_named()
    {
        Rewrite("<width>16<", "<width>17<");
        LoadingSays(voc.Annotation("bad"), "17×12", "16×12");
    }

    [Theory]
    [InlineData("<xmin>3<", "<xmin>-1<")]
    [InlineData("<xmax>8<", "<xmax>17<")]
    [InlineData("<ymax>5<", "<ymax>13<")]
    public void A_box_outside_the_photo_is_named(string before, string after)
    {
        Rewrite(before, after);
        LoadingSays(voc.Annotation("bad"), "cat", "16×12");
    }

    [Fact]
    public void A_photo_that_is_not_an_image_is_named()
    {
        File.WriteAllText(voc.Image("bad"), "no image");
        LoadingSays(voc.Image("bad"));
    }

    [Fact]
    public void A_truncated_photo_is_named()
    {
        File.WriteAllBytes(voc.Image("bad"), File.ReadAllBytes(voc.Image("bad"))[..^40]);
        LoadingSays(voc.Image("bad"));
    }

    private void Rewrite(string before, string after)
    {
        var xml = File.ReadAllText(voc.Annotation("bad"));
        Assert.Contains(before, xml, StringComparison.Ordinal);
        File.WriteAllText(voc.Annotation("bad"), xml.Replace(before, after, StringComparison.Ordinal));
    }

    private void LoadingNamesMissing(string path)
    {
        File.Delete(path);
        var error = Assert.Throws<FileNotFoundException>(() => new VocDataset(voc.Root, "train").Load(1));
        Assert.Equal(path, error.FileName);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    private void LoadingSays(string path, params string[] parts)
    {
        var data = new VocDataset(voc.Root, "train");
        Assert.Equal("good", data.Load(0).Id);
        var error = Assert.Throws<InvalidDataException>(() => data.Load(1));
        foreach (var part in (string[])[path, .. parts])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}
