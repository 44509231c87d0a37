using System.Diagnostics;
using System.Globalization;

namespace DeconvNet.Mpi;

/// <summary>Ends the run where a call of MPI takes too long: another rank is stuck, and this one would wait forever.</summary>
internal sealed class CollectiveWatch(MpiLibrary library)
{
    private readonly Stopwatch inside = new();

    /// <summary>Number of this rank, once it is known.</summary>
    public int? Rank { get; set; }

    /// <summary>Time spent in calls so far, waiting included.</summary>
    public TimeSpan Elapsed => inside.Elapsed;

    /// <summary>Starts to watch a call; dispose what is returned when the call has ended.</summary>
    /// <param name="what">What the ranks do together, for the message.</param>
    /// <param name="timeout">How long it may take.</param>
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
