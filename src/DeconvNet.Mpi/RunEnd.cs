using System.Diagnostics;

namespace DeconvNet.Mpi;

/// <summary>Ends all ranks, this process among them, whatever state MPI is in.</summary>
internal static class RunEnd
{
    private static readonly TimeSpan PatienceWithAbort = TimeSpan.FromSeconds(3);

    /// <summary>Does not return.</summary>
    /// <param name="library">The library that connects the ranks.</param>
    /// <param name="exitCode">What the launcher hears, where MPI can still tell it.</param>
    /// <param name="message">What the error stream hears first; <see langword="null"/> for nothing.</param>
    public static void Now(MpiLibrary library, int exitCode, string? message)
    {
        // A call that the library is in may keep it from taking another one, and an error stream that nobody reads may keep this thread from writing: then the
        // launcher notices that this process was killed.
        new Thread(() =>
        {
            if (message is not null)
                Console.Error.WriteLine(message);
            library.Abort(exitCode);
        })
        { IsBackground = true }.Start();
        Thread.Sleep(PatienceWithAbort);
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
