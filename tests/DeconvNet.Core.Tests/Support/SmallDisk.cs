using System.Diagnostics;

namespace DeconvNet.Tests.Support;

/// <summary>An in-memory file system of eight megabytes that can be filled to the last byte. Requires root and Linux.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private SmallDisk()
    {
    }

    public string Root => folder.Root;

    private string Ballast => folder["ballast"];

    public string this[string name] => folder[name];

    /// <summary>Mounts a disk, or skips the test.</summary>
    public static SmallDisk Mount()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux can mount a small disk.");
        var disk = new SmallDisk();
        if (Run("mount", "-t", "tmpfs", "-o", "size=8m", "none", disk.Root))
            return disk;
        disk.folder.Dispose();
        Assert.Skip("A small disk cannot be mounted here, as in a container without the right to.");
        return null;
    }

    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            var page = new byte[4096];
            while (true)
                file.Write(page);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete(Ballast);

    /// <summary>Everything on the disk except the file that fills it.</summary>
    public IEnumerable<string> Files() => Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Where(path => path != Ballast).Select(path => Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal);

    public void Dispose()
    {
        Run("umount", Root);
        folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
