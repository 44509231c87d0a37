using DeconvNet.Datasets;
using DeconvNet.Imaging;

namespace DeconvNet.Tests.Data;

public sealed class FolderDatasetBadInputTests : IDisposable
{
    private static readonly string[] Names = ["background", "cat"];

    private readonly FolderSet set = new();

    public void Dispose() => set.Dispose();

    [Fact]
    public void A_folder_without_photos_or_classes_says_what_is_missing()
    {
        Assert.Contains("holds no photo", Assert.Throws<InvalidDataException>(() => new FolderDataset(set.Root, Names)).Message, StringComparison.Ordinal);
        set.With("a", 1);
        Assert.Contains("classes.txt", Assert.Throws<FileNotFoundException>(() => new FolderDataset(set.Root)).Message, StringComparison.Ordinal);
        Directory.Delete(set.Images, recursive: true);
        Assert.Contains("images or JPEGImages", Assert.Throws<DirectoryNotFoundException>(() => new FolderDataset(set.Root, Names)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_photos_of_one_name_are_named()
    {
        set.With("a", 1).WithPhoto("a.png");
        Assert.Contains("two photos of one name", Assert.Throws<InvalidDataException>(() => new FolderDataset(set.Root, Names)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_of_another_size_is_named_with_both_sizes()
    {
        set.With("a", 1).WithPhoto("a.jpg", 7, 4);
        Assert.Contains("6×4 pixels", Assert.Throws<InvalidDataException>(() => new FolderDataset(set.Root, Names).LoadLabels(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_in_colors_asks_for_their_meaning()
    {
        set.WithPhoto("a.jpg").WithColors("a.png", default, new Rgb(250, 50, 83));
        var error = Assert.Throws<InvalidDataException>(() => new FolderDataset(set.Root, Names).LoadLabels(0));
        Assert.Contains("(250, 50, 83) at column 1, row 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("labelmap.txt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_color_is_named_with_its_place_unless_it_is_void()
    {
        set.WithPhoto("a.jpg").WithColors("a.png", default, new Rgb(250, 50, 84)).WithFile("labelmap.txt", "background:0,0,0::", "apple:250,50,83::");
        Assert.Contains("(250, 50, 84) at column 1, row 1", Assert.Throws<InvalidDataException>(() => new FolderDataset(set.Root).LoadLabels(0)).Message, StringComparison.Ordinal);
        Assert.Equal(LabelMap.Void, new FolderDataset(set.Root, new FolderDatasetOptions { UnknownIsVoid = true }).LoadLabels(0)[1, 1]);
    }

    [Fact]
    public void A_set_that_is_black_and_white_at_first_and_then_holds_1_explains_what_255_could_mean()
    {
        for (var i = 0; i < 100; i++)
            set.With($"{i:D3}", 255);
        set.With("z", 1);
        var error = Assert.Throws<InvalidDataException>(() => new FolderDataset(set.Root, Names).LoadLabels(100));
        Assert.Contains("VoidValues [255]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_too_many_asks_whether_background_is_missing()
    {
        set.With("a", 2);
        Assert.Contains("Is 'background' missing", Assert.Throws<InvalidDataException>(() => new FolderDataset(set.Root, ["cat", "dog"]).LoadLabels(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_with_an_unknown_id_names_the_line()
    {
        set.With("a", 1).WithFile("train.txt", "a", "b");
        Assert.Contains("train.txt, line 2", Assert.Throws<InvalidDataException>(() => new FolderDataset(set.Root, new FolderDatasetOptions { ClassNames = Names, List = "train.txt" })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apple 250 50")]
    [InlineData("apple:250,50,256::")]
    [InlineData(":1,2,3::")]
    [InlineData("apple,1,2,x")]
    public void A_line_that_is_no_color_is_named(string line)
    {
        set.WithFile("colors.txt", "background:0,0,0::", line);
        Assert.Contains("colors.txt, line 2", Assert.Throws<InvalidDataException>(() => ColorMap.Load(Path.Combine(set.Root, "colors.txt"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        set.With("a", 1);
        Assert.Throws<ArgumentOutOfRangeException>("ClassNames", () => new FolderDataset(set.Root, ["cat", "cat"]));
        Assert.Throws<ArgumentOutOfRangeException>("Colors", () => new FolderDataset(set.Root, new FolderDatasetOptions { Colors = ColorMap.Voc, VoidValues = [1] }));
        Assert.Throws<ArgumentOutOfRangeException>("VoidValues", () => new FolderDataset(set.Root, new FolderDatasetOptions { ClassNames = Names, ClassValues = [0, 255], VoidValues = [255] }));
        Assert.Throws<ArgumentException>(() => new FolderDataset(set.Root, new FolderDatasetOptions { ClassNames = Names, ClassValues = [0, 1, 2] }));
    }
}
