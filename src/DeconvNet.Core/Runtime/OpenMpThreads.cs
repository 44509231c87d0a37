using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DeconvNet.Runtime;

/// <summary>
/// The number of threads on which libtorch computes what the calling thread asks for. OpenMP has such a number for each thread, so it can be limited on one thread alone;
/// <c>torch.set_num_threads</c> also sets it for all threads that start later, and for MKL in the whole process. Thread-safe.
/// </summary>
internal static unsafe class OpenMpThreads
{
    private static delegate* unmanaged<int> get;
    private static delegate* unmanaged<int, void> set;
    private static delegate* unmanaged<int, int> setOfMkl;

    /// <summary>Whether the functions were found, as on Linux, and are those that libtorch uses.</summary>
    public static bool CanBeLimited { get; private set; }

    /// <summary>Finds the functions.</summary>
    /// <param name="libTorch">The loaded <c>torch_cpu</c>. On Linux and macOS, the exports of the libraries that it needs are found through it.</param>
    public static void Find(nint libTorch)
    {
        if (!NativeLibrary.TryGetExport(libTorch, "omp_get_max_threads", out var getter) || !NativeLibrary.TryGetExport(libTorch, "omp_set_num_threads", out var setter))
            return;
        get = (delegate* unmanaged<int>)getter;
        set = (delegate* unmanaged<int, void>)setter;

        // Where the process has set a number for MKL, it takes precedence over OpenMP's.
        if (NativeLibrary.TryGetExport(libTorch, "MKL_Set_Num_Threads_Local", out var setterOfMkl))
            setOfMkl = (delegate* unmanaged<int, int>)setterOfMkl;

        using (One())
            CanBeLimited = get_num_threads() == 1;
    }

    /// <summary>Makes libtorch compute on the calling thread only, until the result is disposed on it. Requires <see cref="CanBeLimited"/>.</summary>
    public static Limit One()
    {
        // Libtorch sets OpenMP's number when a thread first asks for it or computes.
        _ = get_num_threads();
        var limit = new Limit(get(), setOfMkl is null ? 0 : setOfMkl(1));
        set(1);
        return limit;
    }

    public readonly struct Limit(int before, int beforeOfMkl) : IDisposable
    {
        public void Dispose()
        {
            set(before);
            if (setOfMkl is not null)
                _ = setOfMkl(beforeOfMkl);
        }
    }
}
