using System.Text;
using DeconvNet.Datasets;
using DeconvNet.Imaging;
using DeconvNet.Imaging.Png;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Data;

public sealed class FolderDatasetTests
{
    private static readonly string[] CatAndDog = ["background", "cat", "dog"];

    [Fact]
    public void Photos_of_any_format_find_their_masks_and_classes_come_from_a_file()
    {
        using var set = new FolderSet().With("b", 2, ".png").With("a", 1).With("c", 0, ".webp").WithFile("classes.txt", "background", "cat", "", "dog");

        var data = new FolderDataset(set.Root);

        Assert.Equal(["a", "b", "c"], data.Ids);
        Assert.Equal(CatAndDog, data.ClassNames);
        Assert.Equal(new ImageSize(6, 4), data.ImageSize(2));
        Assert.Equal([0, 1, 1, 1, 0], data.LoadLabels(0).Pixels[6..11].ToArray());
        Assert.Equal(2, data.LoadLabels(1)[3, 1]);
        Assert.Equal((true, true), (data.HasLabels, data.HasObjectsOf(0)));
        Assert.Null(data.LoadInstances(0));
    }

    [Fact]
    public void Objects_are_the_connected_regions_that_are_no_slips()
    {
        using var set = new FolderSet();
        set.WithPhoto("a.png", 40, 20);
        var labels = new byte[40 * 20];
        for (var y = 2; y < 8; y++)
        {
            labels.AsSpan((y * 40) + 3, 5).Fill(1);
            labels.AsSpan((y * 40) + 20, 9).Fill(2);
        }

        labels[39] = 1;
        new LabelMap(40, 20, labels).SavePng(Path.Combine(set.Masks, "a.png"));

        var objects = new FolderDataset(set.Root, CatAndDog).LoadObjects(0);

        Assert.Equal([new AnnotatedObject(1, "cat", new PixelBox(3, 2, 8, 8)), new AnnotatedObject(2, "dog", new PixelBox(20, 2, 29, 8))], objects);
    }

    [Fact]
    public void Black_and_white_masks_of_two_classes_hold_the_object_as_255()
    {
        using var set = new FolderSet().With("a", 255).With("b", 0);

        var data = new FolderDataset(set.Root, ["background", "road"]);

        Assert.Equal([0, 1, 1, 1, 0], data.LoadLabels(0).Pixels[6..11].ToArray());
        Assert.Equal(LabelMap.Void, new FolderDataset(set.Root, new FolderDatasetOptions { ClassNames = ["background", "road"], VoidValues = [255] }).LoadLabels(0)[1, 1]);
        Assert.Equal(LabelMap.Void, new FolderDataset(set.Root, CatAndDog).LoadLabels(0)[1, 1]);
    }

    [Fact]
    public void Where_a_mask_of_two_classes_holds_1_the_number_255_is_void()
    {
        using var set = new FolderSet().With("a", 255).With("b", 1);

        var data = new FolderDataset(set.Root, ["background", "road"]);

        Assert.Equal((LabelMap.Void, 1), (data.LoadLabels(0)[1, 1], data.LoadLabels(1)[1, 1]));
    }

    [Fact]
    public void A_mask_whose_gray_was_saved_in_color_is_read_by_its_gray()
    {
        using var set = new FolderSet().WithPhoto("a.jpg").WithPhoto("b.jpg").WithColors("a.png", default, new Rgb(1, 1, 1)).WithColors("b.webp", default, new Rgb(2, 2, 2));
        File.Delete(Path.Combine(set.Masks, "b.webp"));
        set.WithColors("b.png", default, new Rgb(2, 2, 2));

        var data = new FolderDataset(set.Root, CatAndDog);

        Assert.Equal((1, 2), (data.LoadLabels(0)[1, 1], data.LoadLabels(1)[3, 1]));
    }

    [Fact]
    public void Numbers_other_than_class_ids_are_named_once()
    {
        using var set = new FolderSet().With("a", 128).With("b", 7);
        var options = new FolderDatasetOptions { ClassNames = CatAndDog, ClassValues = [0, 128, 255], VoidValues = [7] };

        var data = new FolderDataset(set.Root, options);

        Assert.Equal((1, LabelMap.Void), (data.LoadLabels(0)[1, 1], data.LoadLabels(1)[1, 1]));
        Assert.Equal(LabelMap.Void, new FolderDataset(set.Root, options with { VoidValues = null, UnknownIsVoid = true }).LoadLabels(1)[1, 1]);
    }

    [Fact]
    public void An_export_of_CVAT_is_read_by_its_colors_with_background_first()
    {
        using var set = new FolderSet("JPEGImages", "SegmentationClass").WithPhoto("a.jpg").WithColors("a.png", default, new Rgb(250, 50, 83));
        set.WithFile("labelmap.txt", "# label:color_rgb:parts:actions", "apple:250,50,83::", "background:0,0,0::", "pear:51,221,255::");

        var data = new FolderDataset(set.Root);

        Assert.Equal(["background", "apple", "pear"], data.ClassNames);
        Assert.Equal(new Rgb(51, 221, 255), data.ClassColors[2]);
        Assert.Equal((0, 1), (data.LoadLabels(0)[0, 0], data.LoadLabels(0)[2, 1]));
    }

    [Fact]
    public void An_export_of_labelme_is_read_by_its_numbers()
    {
        using var set = new FolderSet("JPEGImages", "SegmentationClass").With("a", 1).WithFile("class_names.txt", "__ignore__", "_background_", "cat");

        var data = new FolderDataset(set.Root);

        Assert.Equal(["background", "cat"], data.ClassNames);
        Assert.Equal(1, data.LoadLabels(0)[1, 1]);
    }

    [Fact]
    public void Cityscapes_photos_and_masks_of_other_names_in_folders_of_towns_belong_together()
    {
        using var set = new FolderSet("leftImg8bit", "gtFine");
        set.WithPhoto("bonn/bonn_1_leftImg8bit.png").WithPhoto("bonn/notes.png").WithColors("bonn/bonn_1_gtFine_color.png", new Rgb(70, 130, 180), new Rgb(0, 0, 142));
        File.Copy(Path.Combine(set.Masks, "bonn", "bonn_1_gtFine_color.png"), Path.Combine(set.Masks, "bonn", "bonn_1_gtFine_labelIds.png"));

        var data = new FolderDataset(set.Root, new FolderDatasetOptions { ImageFolder = "leftImg8bit", MaskFolder = "gtFine", ImageSuffix = "_leftImg8bit", MaskSuffix = "_gtFine_color", Colors = ColorMap.Cityscapes });

        Assert.Equal(["bonn/bonn_1"], data.Ids);
        Assert.Equal((10, 13), (data.LoadLabels(0)[0, 0], data.LoadLabels(0)[1, 1]));
    }

    [Fact]
    public void A_list_chooses_images_and_their_order()
    {
        using var set = new FolderSet().With("a", 1).With("b", 1).With("c", 1).WithFile("train.txt", "c.jpg", "", "a  1");

        Assert.Equal(["c", "a"], new FolderDataset(set.Root, new FolderDatasetOptions { ClassNames = CatAndDog, List = "train.txt" }).Ids);
    }

    [Fact]
    public void A_list_names_photos_with_blanks_in_their_names()
    {
        using var set = new FolderSet().With("my cat", 1).With("a", 1).With("a b", 1).WithFile("train.txt", "my cat.jpg", "a b", "a 1");

        Assert.Equal(["my cat", "a b", "a"], new FolderDataset(set.Root, new FolderDatasetOptions { ClassNames = CatAndDog, List = "train.txt" }).Ids);
    }

    [Fact]
    public void Masks_may_lie_among_the_photos_or_below_them()
    {
        using var set = new FolderSet("both", "both").With("a", 1);
        File.Move(Path.Combine(set.Masks, "a.png"), Path.Combine(set.Masks, "a_mask.png"));
        var options = new FolderDatasetOptions { ClassNames = CatAndDog, ImageFolder = "both", MaskFolder = "both", MaskSuffix = "_mask" };
        Assert.Equal(["a"], new FolderDataset(set.Root, options).Ids);
        Assert.Equal(1, new FolderDataset(set.Root, options).LoadLabels(0)[1, 1]);

        Directory.CreateDirectory(Path.Combine(set.Masks, "gt"));
        File.Move(Path.Combine(set.Masks, "a_mask.png"), Path.Combine(set.Masks, "gt", "a.png"));
        var below = new FolderDataset(set.Root, options with { MaskFolder = "both/gt", MaskSuffix = "" });
        Assert.Equal(["a"], below.Ids);
        Assert.Equal(1, below.LoadLabels(0)[1, 1]);
    }

    [Fact]
    public void A_photo_finds_its_mask_however_its_name_writes_an_umlaut()
    {
        using var set = new FolderSet().With("Bär 🐻, 'quoted'", 2);
        var (composed, parts) = (Path.Combine(set.Masks, "Bär 🐻, 'quoted'.png"), Path.Combine(set.Masks, "Ba\u0308r 🐻, 'quoted'.png"));
        File.Move(composed, parts);

        var data = new FolderDataset(set.Root, CatAndDog);

        Assert.Equal((true, parts), (data.HasLabelsOf(0), data.LabelsPath(0)));
        Assert.Equal(2, data.LoadLabels(0)[1, 1]);
    }

    [Theory]
    [InlineData("gAMA", new byte[] { 0, 1, 0x86, 0xA0 })]
    [InlineData("cHRM", new byte[] { 0, 0, 122, 38, 0, 0, 128, 132, 0, 0, 250, 0, 0, 0, 128, 232, 0, 0, 117, 48, 0, 0, 234, 96, 0, 0, 58, 152, 0, 0, 23, 112 })]
    public void Colors_of_a_mask_are_as_stored_whatever_its_color_space(string chunk, byte[] content)
    {
        using var set = new FolderSet().WithPhoto("a.jpg").WithColors("a.png", default, new Rgb(250, 50, 83)).WithFile("labelmap.txt", "background:0,0,0::", "apple:250,50,83::");
        var path = Path.Combine(set.Masks, "a.png");
        var png = File.ReadAllBytes(path);
        // After the header, which ends at byte 33.
        using (var file = File.Create(path))
        {
            file.Write(png.AsSpan(0, 33));
            PngChunk.Write(file, Encoding.ASCII.GetBytes(chunk), content);
            file.Write(png.AsSpan(33));
        }

        Assert.Equal(1, new FolderDataset(set.Root).LoadLabels(0)[1, 1]);
    }

    [Fact]
    public void All_of_255_classes_have_a_number()
    {
        using var set = new FolderSet().With("a", 254).With("b", 253).With("c", 255);
        var data = new FolderDataset(set.Root, [.. Enumerable.Range(0, 255).Select(id => $"class {id}")]);

        Assert.Equal((254, 253, LabelMap.Void), (data.LoadLabels(0)[1, 1], data.LoadLabels(1)[1, 1], data.LoadLabels(2)[1, 1]));
    }

    [Fact]
    public void Links_are_followed_but_not_in_circles()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        using var set = new FolderSet().With("a", 1).With("deep/b", 1);
        using var elsewhere = new FolderSet().With("c", 1);
        foreach (var (folder, other) in new[] { (set.Images, elsewhere.Images), (set.Masks, elsewhere.Masks) })
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, "deep", "up"), "..");
            Directory.CreateSymbolicLink(Path.Combine(folder, "other"), other);
            Directory.CreateSymbolicLink(Path.Combine(other, "back"), folder);
        }

        var data = new FolderDataset(set.Root, CatAndDog);

        Assert.Equal(["a", "deep/b", "other/c"], data.Ids);
        Assert.Equal(1, data.LoadLabels(2)[1, 1]);
    }

    [Fact]
    public void The_sample_set_is_sound_and_its_lists_share_nothing()
    {
        Assert.SkipWhen(Repository.Root is null, "The sources are not here.");
        var root = Path.Combine(Repository.Root!, "samples", "coins");
        var (all, training, test) = (new FolderDataset(root), Listed("train.txt"), Listed("test.txt"));

        var report = all.Check(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(report.IsSound, report.ToString());
        Assert.Equal(["background", "coin"], all.ClassNames);
        Assert.Equal((60, 40, 20), (all.Count, training.Count, test.Count));
        Assert.Equal(all.Ids, training.Ids.Concat(test.Ids).Order(StringComparer.Ordinal));
        Assert.InRange(report.Classes[1].ImageCount, 45, 59);

        FolderDataset Listed(string list) => new(root, new FolderDatasetOptions { List = list });
    }

    [Fact]
    public void Parts_of_a_folder_are_data_sets_too()
    {
        using var set = new FolderSet().With("a", 1).With("b", 2).With("c", 1);
        var data = new FolderDataset(set.Root, CatAndDog);

        var part = data.Where(id => id != "a").Shard(1, 2);

        Assert.Equal(["b"], part.Ids);
        Assert.Equal(2, part.LoadLabels(0)[1, 1]);
        Assert.Equal(data.Name, part.Name);
        Assert.Equal(data.Fingerprint(1), part.Fingerprint(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => part.LoadLabels(1));
    }

    [Fact]
    public void A_check_counts_what_there_is_and_names_all_that_is_wrong()
    {
        using var set = new FolderSet().With("a", 1).With("b", 9).With("c", 2).WithPhoto("d.jpg").WithFile("classes.txt", CatAndDog);
        File.WriteAllText(Path.Combine(set.Images, "e.jpg"), "no photo");
        var steps = new List<WorkProgress>();

        var report = new FolderDataset(set.Root).Check(new Listener(steps.Add), TestContext.Current.CancellationToken);

        Assert.False(report.IsSound);
        Assert.Equal(["b", "d", "e"], report.Problems.Select(problem => problem.Id));
        Assert.Contains("b.png holds 9 at column 1, row 1", report.Problems[0].Message, StringComparison.Ordinal);
        Assert.Contains("is missing", report.Problems[1].Message, StringComparison.Ordinal);
        Assert.Contains("e.jpg", report.Problems[2].Message, StringComparison.Ordinal);
        Assert.Equal([42L, 3, 3], report.Classes.Select(entry => entry.PixelCount));
        Assert.Equal([2, 1, 1], report.Classes.Select(entry => entry.ImageCount));
        Assert.Equal(Enumerable.Range(1, 5), steps.Select(step => step.Done));
        Assert.Contains("cat", report.ToString(), StringComparison.Ordinal);
        Assert.Equal([Math.Sqrt(3 / 42.0), 1, 1], report.BalancedClassWeights());
    }

    private sealed class Listener(Action<WorkProgress> report) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => report(value);
    }
}
