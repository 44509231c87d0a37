using System.Runtime.InteropServices;

namespace DeconvNet.Runtime;

/// <summary>
/// Configures glibc's allocator to keep the memory that libtorch frees. By default, glibc maps each large block separately and returns it at once, so every forward
/// pass gets all its memory from the system again, zeroed page by page, which takes half of the time on some machines.
/// </summary>
/// <remarks>Each thread that runs a network keeps the memory of its largest pass.</remarks>
internal static partial class GlibcHeap
{
    /// <summary>The environment variable that can disable it.</summary>
    public const string Variable = "DECONVNET_MALLOPT";

    /// <summary>The value that leaves the allocator unchanged.</summary>
    public const string Off = "off";

    // Parameters of mallopt(3).
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;

    // The maximum threshold depends on the version of glibc; the smaller value is the maximum of older versions on 64-bit systems.
    private static readonly int[] largestBlocks = [1 << 30, 32 << 20];

    // Threads other than the main one allocate from heaps of this size, which glibc returns when they are empty unless this much is to stay free.
    private const int HeapOfThread = 64 << 20;

    /// <summary>Whether freed memory stays with the process.</summary>
    public static bool KeepsMemory { get; private set; }

    /// <summary>Must be called before libtorch allocates. Does nothing except on Linux with glibc, or if the environment disables it.</summary>
    public static void KeepMemory()
    {
        if (OperatingSystem.IsLinux() && !IsLeftAlone(Environment.GetEnvironmentVariable))
            KeepsMemory = TrySet(SetOption);
    }

    /// <summary>Whether the user has disabled this or configured the allocator.</summary>
    /// <param name="variable">Returns the value of an environment variable.</param>
    internal static bool IsLeftAlone(Func<string, string?> variable) =>
        variable(Variable) == Off
        || variable("MALLOC_MMAP_THRESHOLD_") is { Length: > 0 }
        || variable("MALLOC_TRIM_THRESHOLD_") is { Length: > 0 }
        || variable("GLIBC_TUNABLES") is { } tunables && (tunables.Contains("mmap_threshold", StringComparison.Ordinal) || tunables.Contains("trim_threshold", StringComparison.Ordinal));

    /// <summary>Sets all options or none: without the first, glibc would map even more blocks separately.</summary>
    /// <param name="setOption">mallopt(3): returns 1, or 0 if the value is rejected.</param>
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
            // The C library is not glibc.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);
}
