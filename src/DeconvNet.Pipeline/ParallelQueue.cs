using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace DeconvNet;

/// <summary>Parallel work of which each thread takes the next piece when it has finished its last, so that a thread that other processes slow down takes fewer.</summary>
internal static class ParallelQueue
{
    /// <summary>Does the pieces 0 to <paramref name="count"/> − 1, started in this order.</summary>
    /// <param name="count">Number of pieces.</param>
    /// <param name="threads">Largest number of threads.</param>
    /// <param name="work">Does a piece.</param>
    /// <param name="cancellationToken">Ends the work when the running pieces are finished.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <remarks>The first exception of a piece comes out as it is.</remarks>
    public static void Run(int count, int threads, Action<int> work, CancellationToken cancellationToken = default)
    {
        // Partitioners otherwise hand out several pieces at once.
        var queue = Partitioner.Create(Enumerable.Range(0, count), EnumerablePartitionerOptions.NoBuffering);
        try
        {
            Parallel.ForEach(queue, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i =>
            {
                // Parallel hears of it later.
                cancellationToken.ThrowIfCancellationRequested();
                work(i);
            });
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
    }
}
