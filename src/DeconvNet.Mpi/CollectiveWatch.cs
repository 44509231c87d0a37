using System.Diagnostics;
using System.Globalization;

namespace DeconvNet.Mpi;

/// <summary>Ends the run where a call of MPI takes too long: another rank is stuck, and this one would wait forever.</summary>
internal sealed class CollectiveWatch(MpiLibrary library, int rank)
{
    private static readonly TimeSpan PatienceWithAbort = TimeSpan.FromSeconds(3);

    private readonly Stopwatch inside = new();

    /// <summary>Time spent in calls so far, waiting included.</summary>
    public TimeSpan Elapsed => inside.Elapsed;

    /// <summary>Starts to watch a call; dispose what is returned when the call has ended.</summary>
    /// <param name="what">What the ranks do together, for the message.</param>
    /// <param name="timeout">How long it may take.</param>
    public Call Begin(string what, TimeSpan timeout)
    {
        inside.Start();
        return new Call(this, new Timer(_ => End(what, timeout), null, timeout, Timeout.InfiniteTimeSpan));
    }

    private void End(string what, TimeSpan timeout)
    {
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Rank {rank} has waited {timeout.TotalSeconds:0.#} s in {what} for the other ranks: one of them is stuck or gone. The run ends; it can be resumed from its last checkpoint."));

        // The library is inside a call and may not take another one; then the launcher notices that this process was killed.
        new Thread(() => library.Abort(1)) { IsBackground = true }.Start();
        Thread.Sleep(PatienceWithAbort);
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }

    internal readonly struct Call(CollectiveWatch watch, Timer timer) : IDisposable
    {
        public void Dispose()
        {
            timer.Dispose();
            watch.inside.Stop();
        }
    }
}
