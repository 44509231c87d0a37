using DeconvNet.Runtime;
using DeconvNet.Tests.Support;

namespace DeconvNet.Tests.Runtime;

// Descriptors are counted for the whole process, so no other test may run at the same time.
[Collection(TorchTests.Name)]
[NoTensorLeaks]
public class MemoryFileTests
{
    private static int OpenDescriptors() => Directory.GetFiles("/proc/self/fd").Length;

    [Fact]
    public void The_file_holds_all_bytes_and_stays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory files are Linux's.");
        var content = new byte[3_000_001];
        new Random(1).NextBytes(content);
        var path = MemoryFile.Create("deconvnet-test", content);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(content, File.ReadAllBytes(path));
    }

    [Fact]
    public void Nobody_can_change_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory files are Linux's.");
        var path = MemoryFile.Create("deconvnet-test", [1, 2, 3]);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0))
        {
            Assert.ThrowsAny<Exception>(() => file.Write([9]));
            Assert.ThrowsAny<Exception>(() => file.SetLength(1));
            Assert.ThrowsAny<Exception>(() => file.SetLength(10));
        }

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }

    [Fact]
    public void Files_of_equal_names_are_independent()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory files are Linux's.");
        var first = MemoryFile.Create("deconvnet-test", [1]);
        var second = MemoryFile.Create("deconvnet-test", [2]);
        Assert.Equal([1], File.ReadAllBytes(first));
        Assert.Equal([2], File.ReadAllBytes(second));
    }

    [Fact]
    public void A_refusal_says_why_and_leaves_no_descriptor()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory files are Linux's.");
        var before = OpenDescriptors();
        var error = Assert.Throws<IOException>(() => MemoryFile.Create(new string('x', 300), [1]));
        Assert.Contains("Invalid argument", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, OpenDescriptors());
    }
}
