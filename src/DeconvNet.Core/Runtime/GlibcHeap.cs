using System.Runtime.InteropServices;

namespace DeconvNet.Runtime;

/// <summary>
/// Makes glibc's allocator keep what libtorch frees. As it comes, glibc maps each large block anew and gives it back at once, so that every pass of a
/// network takes all its memory from the system again, zeroed page by page; on some machines that is half of the time.
/// </summary>
/// <remarks>Each thread that runs a network keeps the memory of its largest pass.</remarks>
internal static partial class GlibcHeap
{
    /// <summary>The environment variable that may forbid it.</summary>
    public const string Variable = "DECONVNET_MALLOPT";

    /// <summary>Its value that leaves the allocator as it is.</summary>
    public const string Off = "off";

    // Parameters of mallopt(3).
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;

    // Versions of glibc differ in the largest threshold that they take; the smaller is the largest of 64-bit systems in the older ones.
    private static readonly int[] largestBlocks = [1 << 30, 32 << 20];

    // Other threads than the first take from heaps of this size, which glibc gives back when they are empty, unless so much shall stay free.
    private const int HeapOfThread = 64 << 20;

    /// <summary>Whether freed memory stays with the process.</summary>
    public static bool KeepsMemory { get; private set; }

    /// <summary>To be called before libtorch takes memory. Does nothing on other systems than Linux with glibc, and where the environment says otherwise.</summary>
    public static void KeepMemory()
    {
        if (OperatingSystem.IsLinux() && !IsLeftAlone(Environment.GetEnvironmentVariable))
            KeepsMemory = TrySet(SetOption);
    }

    /// <summary>Whether the user has turned this off, or has set the allocator up already.</summary>
    /// <param name="variable">The value of an environment variable by its name.</param>
    internal static bool IsLeftAlone(Func<string, string?> variable) =>
        variable(Variable) == Off
        || variable("MALLOC_MMAP_THRESHOLD_") is { Length: > 0 }
        || variable("MALLOC_TRIM_THRESHOLD_") is { Length: > 0 }
        || variable("GLIBC_TUNABLES") is { } tunables && (tunables.Contains("mmap_threshold", StringComparison.Ordinal) || tunables.Contains("trim_threshold", StringComparison.Ordinal));

    /// <summary>All or none: without the first glibc maps even more blocks anew.</summary>
    /// <param name="setOption">mallopt(3): returns 1, or 0 where the value is refused.</param>
    internal static bool TrySet(Func<int, int, int> setOption)
    {
        try
        {
            return largestBlocks.Any(size => setOption(MmapThreshold, size) == 1)
                && setOption(TrimThreshold, int.MaxValue) == 1
                && setOption(TopPad, HeapOfThread) == 1;
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library than glibc.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);
}
