using DeconvNet.Datasets;
using DeconvNet.Imaging;

namespace DeconvNet.Tests.Datasets;

public sealed class VocDatasetTests
{
    [Theory]
    [InlineData("")]
    [InlineData("VOC2012")]
    [InlineData("VOCdevkit/VOC2012")]
    public void An_image_set_opens_from_the_year_or_from_a_folder_above_it(string below)
    {
        using var voc = new MiniVoc(below);
        voc.WithCat("2007_1").WithSet("train", "2007_1");

        var data = new VocDataset(voc.Given, "train");

        Assert.Equal(["2007_1"], data.Ids);
        Assert.Equal(voc.Image("2007_1"), data.ImagePath(0));
        Assert.Equal(VocClasses.Names, data.ClassNames);
    }

    [Fact]
    public void A_sample_holds_photo_mask_and_object_in_pixels_counted_from_0()
    {
        using var voc = new MiniVoc();
        voc.WithCat("a").WithSet("train", "a");

        var sample = new VocDataset(voc.Root, "train").Load(0);

        Assert.Equal("a", sample.Id);
        Assert.Equal((16, 12), (sample.Image.Width, sample.Image.Height));
        Assert.InRange(sample.Image.Pixels[0], 250, 255);
        Assert.Equal([0, 8, 8, LabelMap.Void, 0], new[] { sample.Labels![1, 1], sample.Labels[2, 1], sample.Labels[7, 4], sample.Labels[8, 4], sample.Labels[2, 5] });
        Assert.Null(sample.Instances);
        Assert.Equal([new VocObject(8, "cat", new PixelBox(2, 1, 8, 5))], sample.Objects);
    }

    [Fact]
    public void A_photo_that_is_stored_sideways_fits_the_mask_of_what_it_shows()
    {
        // An EXIF block with nothing but the orientation 6: turn clockwise.
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0II*\0"u8, 8, 0, 0, 0,
            1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
        ];
        using var voc = new MiniVoc();
        voc.WithCat("a", width: 16, height: 12).WithSet("train", "a");
        MiniVoc.WriteJpeg(voc.Image("a"), width: 12, height: 16);
        var upright = File.ReadAllBytes(voc.Image("a"));
        File.WriteAllBytes(voc.Image("a"), [.. upright[..2], .. exif, .. upright[2..]]);

        var data = new VocDataset(voc.Root, "train");

        Assert.Equal(new ImageSize(16, 12), data.ImageSize(0));
        Assert.Equal((16, 12), (data.Load(0).Image.Width, data.LoadImage(0).Height));
    }

    [Fact]
    public void Instance_masks_are_read_where_they_exist()
    {
        using var voc = new MiniVoc();
        voc.WithCat("a").WithCat("b").WithSet("train", "a", "b");
        var instances = new byte[16 * 12];
        instances[5] = 200;
        new LabelMap(16, 12, instances).SavePng(voc.InstanceMask("b"));

        var data = new VocDataset(voc.Root, "train");

        Assert.Null(data.LoadInstances(0));
        Assert.Equal(200, data.Load(1).Instances![5, 0]);
    }

    [Fact]
    public void Without_annotations_objects_come_from_the_instance_mask_or_from_the_regions_of_the_class_mask()
    {
        using var voc = new MiniVoc();
        voc.WithCat("a", 24, 24).WithCat("b", 24, 24).WithSet("train", "a", "b");
        File.Delete(voc.Annotation("a"));
        File.Delete(voc.Annotation("b"));
        var labels = new byte[24 * 24];
        labels.AsSpan(0, 24 * 3).Fill(8);
        new LabelMap(24, 24, labels).SavePng(voc.Mask("a"));
        new LabelMap(24, 24, labels).SavePng(voc.Mask("b"));
        var instances = new byte[24 * 24];
        instances.AsSpan(24, 24).Fill(2);
        instances.AsSpan(3, 4).Fill(1);
        new LabelMap(24, 24, instances).SavePng(voc.InstanceMask("b"));

        var data = new VocDataset(voc.Root, "train");

        Assert.True(data.HasObjects);
        Assert.Equal([new AnnotatedObject(8, "cat", new PixelBox(0, 0, 24, 3))], data.LoadObjects(0));
        Assert.Equal([new AnnotatedObject(8, "cat", new PixelBox(3, 0, 7, 1)), new AnnotatedObject(8, "cat", new PixelBox(0, 1, 24, 2))], data.LoadObjects(1));
    }

    [Fact]
    public void Sets_joined_by_plus_are_one_list_without_repetitions()
    {
        using var voc = new MiniVoc();
        voc.WithCat("a").WithSet("train", "c", "a").WithSet("extra", "b", "", "a  ");

        Assert.Equal(["c", "a", "b"], new VocDataset(voc.Root, "train+extra").Ids);
        Assert.Equal(["b", "c"], VocDataset.FromIds(voc.Root, ["b", "c", "b"]).Ids);
    }

    [Fact]
    public void A_set_without_masks_and_annotations_loads_photos_alone()
    {
        using var voc = new MiniVoc();
        MiniVoc.WriteJpeg(voc.Image("a"), 4, 3);
        var data = new VocDataset(voc.WithSet("test", "a").Root, "test");

        var sample = data.Load(0);

        Assert.Null(sample.Labels);
        Assert.Empty(sample.Objects);
        Assert.Throws<FileNotFoundException>(() => data.LoadLabels(0));
    }

    [Fact]
    public void A_held_out_image_stays_held_out_when_the_list_grows()
    {
        using var voc = new MiniVoc();
        voc.WithCat("0");
        var ids = Enumerable.Range(0, 2000).Select(number => $"2008_{number:D6}").ToArray();
        var some = VocDataset.FromIds(voc.Root, ids[..1000]).Split(0.1, seed: 7);
        var all = VocDataset.FromIds(voc.Root, [.. ids.Reverse()]).Split(0.1, seed: 7);

        Assert.Equal(2000, all.Training.Count + all.HeldOut.Count);
        Assert.Empty(all.Training.Ids.Intersect(all.HeldOut.Ids));
        Assert.InRange(all.HeldOut.Count, 150, 250);
        Assert.Subset(all.HeldOut.Ids.ToHashSet(), some.HeldOut.Ids.ToHashSet());
        Assert.Subset(all.Training.Ids.ToHashSet(), some.Training.Ids.ToHashSet());
        Assert.NotEqual(some.HeldOut.Ids, VocDataset.FromIds(voc.Root, ids[..1000]).Split(0.1, seed: 8).HeldOut.Ids);
    }

    [Fact]
    public void A_hold_out_is_the_same_on_every_machine()
    {
        using var voc = new MiniVoc();
        voc.WithCat("0");
        var data = VocDataset.FromIds(voc.Root, Enumerable.Range(0, 20).Select(number => $"{number}"));

        Assert.Equal(HeldOutOfTwenty, data.Split(0.25, seed: 1).HeldOut.Ids);
        Assert.Empty(data.Split(0, seed: 1).HeldOut.Ids);
        Assert.Empty(data.Split(1, seed: 1).Training.Ids);
    }

    [Fact]
    public void Parts_keep_the_order()
    {
        using var voc = new MiniVoc();
        var data = new VocDataset(voc.WithCat("a").WithSet("train", "a", "b", "c", "d").Root, "train");

        Assert.Equal(["a", "b"], data.Take(2).Ids);
        Assert.Equal(["b", "d"], data.Where(id => id is "d" or "b").Ids);
        Assert.Equal("train", data.Take(9).Name);
    }

    [Fact]
    public void Parallel_loading_gives_what_loading_in_turn_gives()
    {
        using var voc = new MiniVoc();
        var ids = Enumerable.Range(0, 12).Select(number => $"i{number}").ToArray();
        for (var i = 0; i < ids.Length; i++)
            voc.WithCat(ids[i], width: 16 + i);

        var data = new VocDataset(voc.WithSet("train", ids).Root, "train");
        var widths = new int[ids.Length];
        Parallel.For(0, ids.Length, i => widths[i] = data.Load(i).Labels!.Width);

        Assert.Equal(Enumerable.Range(16, 12), widths);
    }

    private static readonly string[] HeldOutOfTwenty = ["0", "1", "3", "11", "12"];
}
