using System.Diagnostics;

namespace DeconvNet.Mpi;

/// <summary>Aborts all ranks including this process, whatever state MPI is in.</summary>
internal static class RunEnd
{
    private static readonly TimeSpan PatienceWithAbort = TimeSpan.FromSeconds(3);

    /// <summary>Does not return.</summary>
    /// <param name="library">The MPI library.</param>
    /// <param name="exitCode">The exit code for the launcher, if MPI can still report it.</param>
    /// <param name="message">Written to the error stream first; <see langword="null"/> for nothing.</param>
    public static void Now(MpiLibrary library, int exitCode, string? message)
    {
        // A call in progress may block MPI_Abort, and an error stream that nobody reads may block this thread: then the
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
