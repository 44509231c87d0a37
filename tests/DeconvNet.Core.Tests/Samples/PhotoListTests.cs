using DeconvNet.Tests.Support;
using SegmentImage;

namespace DeconvNet.Tests.Samples;

/// <summary>Which photos the arguments of SegmentImage name, and what their results are called.</summary>
public sealed class PhotoListTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public PhotoListTests()
    {
        foreach (var path in (string[])["b.jpg", "a.PNG", "notes.txt", "deep/c.webp", "deep/er/d.jpg"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[path])!);
            File.WriteAllText(folder[path], "");
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_gives_the_photos_right_in_it_by_name() => Assert.Equal(["a", "b"], Names(folder.Root));

    [Fact]
    public void A_pattern_gives_what_it_matches_and_names_keep_the_folders_below() =>
        Assert.Equal(["deep/c", "deep/er/d"], Names(folder["*/**/*"]).Select(name => name.Replace('\\', '/')));

    [Fact]
    public void A_pattern_of_one_folder_stays_in_it() => Assert.Equal(["b"], Names(folder["*.jpg"]));

    [Fact]
    public void Arguments_keep_their_order_and_no_photo_comes_twice() =>
        Assert.Equal(["d", "a", "b"], Names(folder["deep/er/d.jpg"], folder.Root, folder["b.jpg"]));

    [Fact]
    public void Photos_whose_results_would_have_one_name_keep_their_extensions()
    {
        File.WriteAllText(folder["b.png"], "");
        Assert.Equal(["a", "b.jpg", "b.png"], Names(folder.Root));
    }

    [Fact]
    public void Photos_of_the_same_name_from_two_folders_are_refused()
    {
        File.WriteAllText(folder["deep/b.jpg"], "");
        var error = Assert.Throws<ArgumentException>(() => Names(folder["b.jpg"], folder["deep/b.jpg"]));
        Assert.Contains("the same file", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deep/*.jpg")]
    [InlineData("none/*.jpg")]
    [InlineData("empty")]
    public void A_folder_or_a_pattern_without_a_photo_is_named(string argument)
    {
        Directory.CreateDirectory(folder["empty"]);
        Assert.Contains(argument, Assert.Throws<FileNotFoundException>(() => Names(folder[argument])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_file_is_not_a_batch()
    {
        Assert.True(PhotoList.IsOne([folder["b.jpg"]]));
        Assert.True(PhotoList.IsOne([folder["missing.jpg"]]));
        Assert.False(PhotoList.IsOne([folder.Root]));
        Assert.False(PhotoList.IsOne([folder["*.jpg"]]));
        Assert.False(PhotoList.IsOne([folder["b.jpg"], folder["a.PNG"]]));
    }

    private static string[] Names(params string[] arguments) => [.. PhotoList.Of(arguments).Select(photo => photo.Name)];
}
