using System.Diagnostics;
using System.Globalization;

namespace DeconvNet.Mpi;

/// <summary>Aborts the run if an MPI call takes too long: another rank hangs, and this one would wait forever.</summary>
internal sealed class CollectiveWatch(MpiLibrary library)
{
    private readonly Stopwatch inside = new();

    /// <summary>This rank's number, once known.</summary>
    public int? Rank { get; set; }

    /// <summary>Time spent in calls so far, including waiting.</summary>
    public TimeSpan Elapsed => inside.Elapsed;

    /// <summary>Starts watching a call; dispose the returned object when the call has ended.</summary>
    /// <param name="what">What the call does, for the message.</param>
    /// <param name="timeout">Maximum duration.</param>
    public Call Begin(string what, TimeSpan timeout)
    {
        inside.Start();
        return new Call(this, new Timer(_ => RunEnd.Now(library, 1, Message(what, timeout)), null, timeout, Timeout.InfiniteTimeSpan));
    }

    private string Message(string what, TimeSpan timeout) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Rank is { } rank ? $"Rank {rank}" : "A rank")} has waited {timeout.TotalSeconds:0.#} s in {what} for the other ranks: one of them is stuck or gone. The run ends; it can be resumed from its last checkpoint.");

    internal readonly struct Call(CollectiveWatch watch, Timer timer) : IDisposable
    {
        public void Dispose()
        {
            timer.Dispose();
            watch.inside.Stop();
        }
    }
}
