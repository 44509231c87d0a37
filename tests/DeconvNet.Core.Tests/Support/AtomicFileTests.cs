using System.Diagnostics;

namespace DeconvNet.Tests.Support;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void A_link_is_followed_and_stays_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        Directory.CreateDirectory(folder["elsewhere"]);
        File.CreateSymbolicLink(folder["link"], folder["elsewhere/file"]);
        Write(folder["link"], "one");
        Write(folder["link"], "two");

        Assert.NotNull(new FileInfo(folder["link"]).LinkTarget);
        Assert.Equal("two", File.ReadAllText(folder["elsewhere/file"]));
    }

    [Fact]
    public void The_mode_of_an_older_file_is_kept()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Files have no mode here.");
            return;
        }

        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead;
        File.WriteAllText(folder["file"], "old");
        File.SetUnixFileMode(folder["file"], Mode);
        Write(folder["file"], "new");

        Assert.Equal(Mode, File.GetUnixFileMode(folder["file"]));
        Assert.Equal("new", File.ReadAllText(folder["file"]));
    }

    [Fact]
    public async Task Pipes_and_devices_are_written_directly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes are made by mkfifo.");
        using (var made = Process.Start("mkfifo", [folder["pipe"]]))
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        var read = Task.Run(() => File.ReadAllText(folder["pipe"]), TestContext.Current.CancellationToken);
        Write(folder["pipe"], "through");
        Write("/dev/null", "nothing");

        Assert.Equal("through", await read);
        Assert.True(UnixFile.IsSpecial("/dev/null"));
        Assert.True(UnixFile.IsSpecial(folder["pipe"]));
        Assert.False(UnixFile.IsSpecial(folder.Root));
    }

    [Fact]
    public void A_name_may_be_as_long_as_the_file_system_admits()
    {
        var path = folder[new string('n', 255)];
        Write(path, "long");
        Assert.Equal("long", File.ReadAllText(path));
    }

    [Fact]
    public void Errors_name_the_file_of_the_user()
    {
        var missing = folder["missing/file.png"];
        Assert.Contains(missing, Assert.Throws<DirectoryNotFoundException>(() => Write(missing, "x")).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", Assert.Throws<DirectoryNotFoundException>(() => Write(missing, "x")).Message, StringComparison.Ordinal);
        Assert.Contains($"'{folder.Root}' cannot be written: it is a folder", Assert.Throws<IOException>(() => Write(folder.Root, "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_killed_writers_left_is_removed_and_what_is_being_written_stays()
    {
        File.WriteAllText(folder[".deconvnet-0123.tmp"], "half");
        File.WriteAllText(folder["mine.tmp"], "not ours");
        AtomicFile.Write(folder["file"], stream =>
        {
            stream.WriteByte(1);
            AtomicFile.RemoveLeftovers(folder.Root);
        });

        Assert.Equal(["file", "mine.tmp"], Directory.GetFiles(folder.Root).Select(Path.GetFileName).Order());
        Assert.Equal(1, new FileInfo(folder["file"]).Length);
    }

    public void Dispose() => folder.Dispose();

    private static void Write(string path, string text) => AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
