using DeconvNet.Datasets;
using DeconvNet.Imaging;
using SkiaSharp;
using Pictures = DeconvNet.Tests.Imaging.Samples;

namespace DeconvNet.Tests.Datasets;

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
    public void A_surplus_number_asks_whether_background_is_missing()
    {
        set.With("a", 2);
        Assert.Contains("Is 'background' missing", Assert.Throws<InvalidDataException>(() => new FolderDataset(set.Root, ["cat", "dog"]).LoadLabels(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_class_alone_is_refused_since_nothing_could_be_told_apart()
    {
        set.With("a", 255).WithFile("classes.txt", "cat");
        var error = Assert.Throws<InvalidDataException>(() => new FolderDataset(set.Root));
        Assert.Contains("one class 'cat'", error.Message, StringComparison.Ordinal);
        Assert.Contains("background first", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("ClassNames", () => new FolderDataset(set.Root, ["cat"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(254)]
    public void A_transparent_mask_is_refused_instead_of_being_guessed(byte opacity)
    {
        set.WithPhoto("a.jpg");
        using var bitmap = new SKBitmap(new SKImageInfo(6, 4, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Erase(SKColors.Black);
        bitmap.SetPixel(2, 1, new SKColor(0, 0, 0, opacity));
        using (var file = File.Create(Path.Combine(set.Masks, "a.png")))
            bitmap.Encode(file, SKEncodedImageFormat.Png, 100);

        var error = Assert.Throws<InvalidDataException>(() => new FolderDataset(set.Root, Names).LoadLabels(0));

        Assert.Contains("transparent at column 2, row 1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public void A_mask_of_16_bits_is_refused_since_its_low_numbers_would_become_0(byte colorType)
    {
        set.WithPhoto("a.jpg");
        var samples = colorType switch { 0 => 1, 2 => 3, 4 => 2, _ => 4 };
        var row = new byte[1 + (6 * 2 * samples)];
        for (var i = 2; i < row.Length; i += 2)
            row[i] = 1;
        File.WriteAllBytes(Path.Combine(set.Masks, "a.png"), Pictures.Png(6, 4, bits: 16, colorType, [.. row, .. row, .. row, .. row]));

        var error = Assert.Throws<InvalidDataException>(() => new FolderDataset(set.Root, Names).LoadLabels(0));

        Assert.Contains("a.png", error.Message, StringComparison.Ordinal);
        Assert.Contains("16 bits", error.Message, StringComparison.Ordinal);
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
    public void A_line_that_is_not_a_color_is_named(string line)
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
