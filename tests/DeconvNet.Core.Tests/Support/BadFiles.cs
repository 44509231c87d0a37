namespace DeconvNet.Tests.Support;

/// <summary>Files with a fault each, named after it.</summary>
internal static class BadFiles
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Bad", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path(name));

    /// <summary>Allocates at most this much on this thread while it runs.</summary>
    public static void AssertAllocatesAtMost(long bytes, Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes);
    }
}
