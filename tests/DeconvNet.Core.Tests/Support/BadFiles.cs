namespace DeconvNet.Tests.Support;

/// <summary>Files with a fault each, named after it.</summary>
internal static class BadFiles
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Bad", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path(name));

    /// <summary>Allocates at most this much while it runs, on all threads.</summary>
    public static void AssertAllocatesAtMost(long bytes, Action action)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        action();
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, bytes);
    }
}
