using DeconvNet.Tests.Support;
using Samples;

namespace DeconvNet.Tests.Samples;

/// <summary>A path that cannot be written is refused before the work starts, and checking it leaves nothing behind.</summary>
public sealed class OutputPathTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_writable_path_is_accepted_and_not_created()
    {
        File.WriteAllText(folder["old.png"], "old");
        OutputPath.RequireWritable(folder["new.png"]);
        OutputPath.RequireWritable(folder["old.png"]);
        OutputPath.RequireWritableFolder(folder["results/here"]);
        Assert.Equal("old", File.ReadAllText(folder["old.png"]));
        Assert.Equal(["old.png"], Directory.EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
        Assert.True(Directory.Exists(folder["results/here"]));
    }

    [Fact]
    public void A_missing_folder_a_folder_in_place_of_a_file_and_a_file_in_place_of_a_folder_are_named()
    {
        File.WriteAllText(folder["file"], "");
        Assert.Contains("missing", Assert.Throws<DirectoryNotFoundException>(() => OutputPath.RequireWritable(folder["missing/a.png"])).Message, StringComparison.Ordinal);
        Assert.Contains("it is a folder", Assert.Throws<IOException>(() => OutputPath.RequireWritable(folder.Root)).Message, StringComparison.Ordinal);
        Assert.Contains("it is a folder", Assert.Throws<IOException>(() => OutputPath.RequireWritable(folder["none"] + "/")).Message, StringComparison.Ordinal);
        Assert.Contains("is a file", Assert.Throws<IOException>(() => OutputPath.RequireWritableFolder(folder["file"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a folder that admits no file of anybody.");
        var error = Assert.ThrowsAny<Exception>(() => OutputPath.RequireWritable("/proc/labels.png"));
        Assert.True(error is IOException or UnauthorizedAccessException);
        Assert.Contains("'/proc/labels.png' cannot be written", error.Message, StringComparison.Ordinal);
        OutputPath.RequireWritable("/dev/null");
    }
}
